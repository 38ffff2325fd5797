using KubectlMlopsBackup.Local;
using KubectlMlopsBackup.Recovery.Checks;
using KubectlMlopsBackup.Recovery.Journal;

namespace KubectlMlopsBackup.Recovery;

/// <summary>What a recovery or a drill came to, before it is judged.</summary>
internal sealed record RecoveryResult
{
    public required RecoveryJournal Journal { get; init; }

    /// <summary>Where to, for people.</summary>
    public required string Target { get; init; }

    public required DateTimeOffset Finished { get; init; }

    /// <summary>Null where none was chosen before it failed.</summary>
    public ListedRecoveryPoint? Point { get; init; }

    /// <summary>Of the newest recovery point that could have been taken: the RPO is measured by it. Null where there was none.</summary>
    public DateTimeOffset? Newest { get; init; }

    /// <summary>When the last check ended; null where it never came to that.</summary>
    public DateTimeOffset? Checked { get; init; }

    public IReadOnlyList<RestoreOutcome> Outcomes { get; init; } = [];

    public IReadOnlyList<CheckResult> Checks { get; init; } = [];

    public IReadOnlyList<string> Warnings { get; init; } = [];

    /// <summary>Null where no step failed.</summary>
    public Exception? Failure { get; init; }

    public bool Cancelled { get; init; }
}
