using KubectlMlopsBackup.Mlflow;

namespace KubectlMlopsBackup.Sources.Postgres;

internal sealed record PostgresRestoreReport
{
    /// <summary>Where it was restored to.</summary>
    public required string Database { get; init; }

    /// <summary>The previous database under its new name; null where there was none, or it was dropped, or in place.</summary>
    public string? KeptDatabase { get; init; }

    public required bool InPlace { get; init; }

    public required IReadOnlyList<RestoredTable> Tables { get; init; }

    /// <summary>Every column of artifact URIs, with how many were rewritten; null where that was not asked for.</summary>
    public IReadOnlyList<RewrittenColumn>? RewrittenColumns { get; init; }

    public required IReadOnlyList<PhaseDuration> Phases { get; init; }

    /// <summary>What <c>pg_restore</c> said that does no harm, with the reason why.</summary>
    public required IReadOnlyList<string> BenignMessages { get; init; }

    /// <summary>What is not as it was: a setting that the role may not make, for example. Not empty means incomplete.</summary>
    public required IReadOnlyList<string> Warnings { get; init; }
}
