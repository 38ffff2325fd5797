using KubectlMlopsBackup.Repository.Snapshots;

namespace KubectlMlopsBackup.InCluster.Status;

/// <summary>How the backups of one component stand.</summary>
internal sealed record ComponentStatus
{
    public required Component Component { get; init; }

    /// <summary>The moment that the newest complete backup is from; null where there is none.</summary>
    public DateTimeOffset? LastSuccess { get; init; }

    public double? AgeSeconds { get; init; }

    public required double RpoSeconds { get; init; }

    /// <summary>Older than the RPO, with an hour's grace: a backup takes its time, and one a year is an hour late.</summary>
    public required bool Stale { get; init; }

    /// <summary>The newest that has ended; null where none has, or with <c>--local</c>.</summary>
    public RunStatus? LastRun { get; init; }

    /// <summary>Null where none is at work.</summary>
    public RunStatus? Running { get; init; }

    /// <summary>Null where the CronJob is not there, or with <c>--local</c>.</summary>
    public ScheduleStatus? Schedule { get; init; }

    /// <summary>In the plan's first repository; null where nothing is known.</summary>
    public int? Snapshots { get; init; }

    public DateTimeOffset? VerifiedAt { get; init; }

    public VerificationLevel? Verified { get; init; }

    /// <summary>Sizes of the last runs, oldest first.</summary>
    public IReadOnlyList<long> Sizes { get; init; } = [];

    /// <summary>How long these took, in seconds.</summary>
    public IReadOnlyList<double> Seconds { get; init; } = [];
}
