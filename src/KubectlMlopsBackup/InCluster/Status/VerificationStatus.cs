namespace KubectlMlopsBackup.InCluster.Status;

/// <summary>How the scheduled verification stands.</summary>
internal sealed record VerificationStatus
{
    /// <summary>When it last ended well; null where it never did.</summary>
    public DateTimeOffset? LastSuccess { get; init; }

    public RunStatus? LastRun { get; init; }

    public RunStatus? Running { get; init; }

    public ScheduleStatus? Schedule { get; init; }
}
