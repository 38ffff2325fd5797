using KubectlMlopsBackup.Mlflow;
using KubectlMlopsBackup.Sources.Artifacts.Restore;
using KubectlMlopsBackup.Sources.Postgres;

namespace KubectlMlopsBackup.Local;

/// <summary>What a restore did.</summary>
internal sealed record RestoreOutcome
{
    public required string Repository { get; init; }

    /// <summary>Null where a single snapshot was restored.</summary>
    public string? RecoveryPoint { get; init; }

    /// <summary>Id of the snapshot of the configuration that belongs to the recovery point, and was left alone; null where there is none.</summary>
    public string? LeftConfig { get; init; }

    /// <summary>The moment that was gone back to.</summary>
    public required DateTimeOffset Time { get; init; }

    public RestoreReport? Artifacts { get; set; }

    public PostgresRestoreReport? Postgres { get; set; }

    /// <summary>With a dry run: the rows of the live database against the snapshot's.</summary>
    public IReadOnlyList<RestoredTable>? ComparedTables { get; set; }

    /// <summary>With a dry run and a map of artifacts: what would be rewritten in the live database.</summary>
    public IReadOnlyList<RewrittenColumn>? ColumnsToRewrite { get; set; }

    public bool DryRun { get; init; }

    /// <summary>From the start of the restore to its last check.</summary>
    public double Seconds { get; set; }

    /// <summary>How much was lost: from the moment gone back to, to the start of the restore.</summary>
    public required double RpoSeconds { get; init; }

    /// <summary>The plan's targets.</summary>
    public required double RpoTargetSeconds { get; init; }

    public required double RtoTargetSeconds { get; init; }

    public bool Incomplete => Artifacts is { ProblemCount: > 0 } || Postgres is { Warnings.Count: > 0 };

    /// <summary>A dry run found that what is there is not as the snapshot.</summary>
    public bool Differs => DryRun
        && (Artifacts is { WasEqual: false } || ComparedTables?.Any(t => t.Actual != t.Expected) == true);
}
