using KubectlMlopsBackup.Repository.Mirroring;
using KubectlMlopsBackup.Repository.Shares;
using KubectlMlopsBackup.Repository.Snapshots;
using KubectlMlopsBackup.Repository.State;

namespace KubectlMlopsBackup.Local;

/// <summary>What a backup came to: a verdict a component, then the mirrors, then prune.</summary>
internal sealed record BackupOutcome
{
    public required string Plan { get; init; }

    public required string Repository { get; init; }

    public required IReadOnlyList<ComponentOutcome> Components { get; init; }

    public required IReadOnlyList<MirrorOutcome> Mirrors { get; init; }

    /// <summary>Null where none was asked for, or it was not to be run after a failure.</summary>
    public IReadOnlyList<PruneOutcome>? Prunes { get; init; }

    /// <summary>Whether the new artifacts have all that their database names; null where no new recovery point came of this.</summary>
    public ConsistencyOutcome? Consistency { get; init; }

    /// <summary>What every repository holds after it; null where it was not looked at.</summary>
    public IReadOnlyList<RepositoryState>? State { get; init; }

    /// <summary>The process's own.</summary>
    public required int ExitCode { get; init; }
}

/// <param name="Component">Which.</param>
/// <param name="Verdict"><c>complete</c>, <c>incomplete</c> or <c>failed</c>; <c>share</c>: a share is stored, and another process makes the snapshot.</param>
/// <param name="Snapshot">Its id; null where it failed, or is not this process's to make.</param>
/// <param name="Time">The moment the data is from.</param>
/// <param name="Stats">Figures; null where it failed.</param>
/// <param name="Problems">What was left out, by name.</param>
/// <param name="ProblemCount">How much was left out.</param>
/// <param name="Error">Why it failed.</param>
/// <param name="Damage">Damage to the repository that was seen on the way.</param>
internal sealed record ComponentOutcome(
    Component Component,
    string Verdict,
    string? Snapshot,
    DateTimeOffset? Time,
    SnapshotStats? Stats,
    IReadOnlyList<Problem> Problems,
    long ProblemCount,
    string? Error,
    IReadOnlyList<string> Damage)
{
    public const string ShareStored = "share";

    /// <summary>Which, where several processes back up together.</summary>
    public ShareId? Share { get; init; }

    /// <summary>What this process's share came to, where the figures above are the whole snapshot's.</summary>
    public SnapshotStats? ShareStats { get; init; }
}

/// <param name="Repository">Its name in the plan.</param>
/// <param name="Report">What was copied; null where it failed as a whole.</param>
/// <param name="Error">Why it failed, or what could not be copied since it is damaged.</param>
internal sealed record MirrorOutcome(string Repository, MirrorReport? Report, string? Error);
