namespace KubectlMlopsBackup.Cluster.Models;

internal sealed record CronJobView : IClusterObject
{
    public Metadata Metadata { get; init; } = new();

    public CronJobSpecView? Spec { get; init; }

    public CronJobStatusView? Status { get; init; }
}

internal sealed record CronJobSpecView(string Schedule, string? TimeZone, bool? Suspend, long? StartingDeadlineSeconds, string? ConcurrencyPolicy = null);

internal sealed record CronJobStatusView(DateTimeOffset? LastScheduleTime, DateTimeOffset? LastSuccessfulTime);
