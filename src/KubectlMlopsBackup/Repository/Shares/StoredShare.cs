using KubectlMlopsBackup.Repository.Snapshots;

namespace KubectlMlopsBackup.Repository.Shares;

/// <summary>A share that is done: all that the snapshot needs of it is durable.</summary>
internal sealed record StoredShare
{
    public required string Run { get; init; }

    /// <summary>SHA-256 of the plan's JSON: shares of two plans cannot be put together.</summary>
    public required string PlanSum { get; init; }

    public required int Index { get; init; }

    /// <summary>When the look at the repository began: what prune marked before is not used.</summary>
    public required DateTimeOffset Started { get; init; }

    /// <summary>When the walk began.</summary>
    public required DateTimeOffset Time { get; init; }

    public required DateTimeOffset Finished { get; init; }

    public required string Host { get; init; }

    public required string Tool { get; init; }

    public required TreeRef Tree { get; init; }

    public required SnapshotStats Stats { get; init; }

    /// <summary>At most <see cref="Snapshot.MaxProblems"/>.</summary>
    public IReadOnlyList<Problem> Problems { get; init; } = [];

    public long ProblemCount { get; init; }

    /// <summary>Damage to the repository that was seen on the way.</summary>
    public IReadOnlyList<string> Damage { get; init; } = [];

    /// <summary>Files that have several names.</summary>
    public IReadOnlyList<ShareLink> Links { get; init; } = [];
}

/// <param name="Path">Escaped as in a tree.</param>
/// <param name="File">The same for all names of one file.</param>
internal sealed record ShareLink(string Path, string File);

/// <summary>Which share makes the snapshot.</summary>
internal sealed record ShareCommitter(string Run, string PlanSum, int Index);
