namespace KubectlMlopsBackup.InCluster.Status;

/// <summary>How the last rehearsal of a recovery went.</summary>
internal sealed record DrillStatus
{
    /// <summary>When the newest drill of which there is a report began; null where there is none.</summary>
    public DateTimeOffset? LastTime { get; init; }

    public double? AgeSeconds { get; init; }

    /// <summary>What it came to: <c>passed</c>, <c>incomplete</c>, <c>missed</c>, <c>failed</c> or <c>cancelled</c>; null where there is none.</summary>
    public string? Verdict { get; init; }

    /// <summary>How long it took until its last check; null where it never came to that.</summary>
    public double? Seconds { get; init; }

    /// <summary>The plan's RTO.</summary>
    public required double RtoSeconds { get; init; }

    /// <summary>None was made when one was due; without a schedule, for more than a quarter of a year.</summary>
    public required bool Overdue { get; init; }

    /// <summary>The newest Job of the schedule that has ended; null where drills are made on request only.</summary>
    public RunStatus? LastRun { get; init; }

    public RunStatus? Running { get; init; }

    public ScheduleStatus? Schedule { get; init; }
}
