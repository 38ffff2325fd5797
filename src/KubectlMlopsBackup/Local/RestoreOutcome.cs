using KubectlMlopsBackup.Sources.Artifacts.Restore;
using KubectlMlopsBackup.Sources.Postgres;

namespace KubectlMlopsBackup.Local;

/// <summary>What a restore did.</summary>
internal sealed record RestoreOutcome
{
    public required string Repository { get; init; }

    /// <summary>Null where a single snapshot was restored.</summary>
    public string? RecoveryPoint { get; init; }

    /// <summary>The moment that was gone back to.</summary>
    public required DateTimeOffset Time { get; init; }

    public RestoreReport? Artifacts { get; set; }

    public PostgresRestoreReport? Postgres { get; set; }

    public double Seconds { get; set; }

    public bool Incomplete => Artifacts is { ProblemCount: > 0 } || Postgres is { Warnings.Count: > 0 };
}
