using KubectlMlopsBackup.Repository.Snapshots;

namespace KubectlMlopsBackup.Repository.State;

/// <summary>The snapshots of one component. Sizes are bytes.</summary>
internal sealed record ComponentState
{
    public required Component Component { get; init; }

    public required int Snapshots { get; init; }

    /// <summary>The moment that the newest one is from.</summary>
    public required DateTimeOffset Newest { get; init; }

    /// <summary>The moment that the newest complete one is from; null where there is none.</summary>
    public DateTimeOffset? NewestComplete { get; init; }

    /// <summary>When any of them was last proven good, and how deeply; null where none was.</summary>
    public DateTimeOffset? VerifiedAt { get; init; }

    public VerificationLevel? Verified { get; init; }

    /// <summary>What a night adds to the repository: the most of the last week's nights, without the first backup. 0 where only that is there.</summary>
    public long Growth { get; init; }

    /// <summary>Sizes of the last runs, oldest first; empty for all but the plan's first repository.</summary>
    public IReadOnlyList<long> Sizes { get; init; } = [];

    /// <summary>How long these took, in seconds.</summary>
    public IReadOnlyList<double> Seconds { get; init; } = [];
}
