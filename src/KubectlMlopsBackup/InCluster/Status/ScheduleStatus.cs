using KubectlMlopsBackup.Cluster.Models;
using KubectlMlopsBackup.Cluster.Scaling;

namespace KubectlMlopsBackup.InCluster.Status;

/// <param name="CronJob">Its name.</param>
/// <param name="Schedule">Five cron fields.</param>
/// <param name="TimeZone">Null for the cluster's own.</param>
/// <param name="LastScheduled">When it last began a run by itself.</param>
/// <param name="NextRun">Null where it is suspended, or the time zone is not known here.</param>
/// <param name="MissedSince">When a run was due that did not begin; null where none was.</param>
/// <param name="GivenUp">That run will not begin any more: it is past the CronJob's startingDeadlineSeconds.</param>
/// <param name="HeldBy">What has suspended it, and is to let it run again; null where a person has, or nobody.</param>
/// <param name="HeldFrom">The namespace whose backups a restore brings here; null where they are this one's own.</param>
internal sealed record ScheduleStatus(
    string CronJob,
    string Schedule,
    string? TimeZone,
    bool Suspended,
    DateTimeOffset? LastScheduled,
    DateTimeOffset? NextRun,
    DateTimeOffset? MissedSince,
    bool GivenUp,
    ScheduleHolder? HeldBy = null,
    string? HeldFrom = null)
{
    /// <summary>A run that is no later than this is merely slow to start.</summary>
    private static readonly TimeSpan Slow = TimeSpan.FromMinutes(15);

    /// <summary>Where the CronJob has none.</summary>
    private static readonly TimeSpan UsualDeadline = TimeSpan.FromHours(1);

    /// <summary>What it says of a suspended one, and how it comes to run again.</summary>
    /// <param name="kubectl">Makes a command of what belongs behind <c>kubectl</c>: for the namespace.</param>
    /// <param name="ours">The same, behind <c>kubectl mlopsbackup</c>.</param>
    /// <param name="ns">The namespace itself; null where it is not known.</param>
    public (string Message, string Fix) Suspension(Func<string, string> kubectl, Func<string, string> ours, string? ns) => HeldBy switch
    {
        ScheduleHolder.Recovery => (
            "suspended by a recovery that has not come to its end",
            $"finish it: {ours("recover --resume")}; or give it up, and start all that stands still: {ours("restore config --release")}"),
        ScheduleHolder.Restore when HeldFrom is not null && ns is not null => (
            $"suspended by a restore of the backups of namespace {HeldFrom} that has not come to its end",
            $"finish it: {RestoreCommandLine.Of("--resume", HeldFrom, ns)}; or {RestoreCommandLine.Of("--abort", HeldFrom, ns)}"),
        ScheduleHolder.Restore => ("suspended by a restore that has not come to its end", $"finish it: {ours("restore --resume")}; or {ours("restore --abort")}"),
        ScheduleHolder.Configuration => (
            "held since its configuration was restored", $"when its data is back, start all that stands still: {ours("restore config --release")}"),
        _ => ("suspended", kubectl($"patch cronjob {CronJob} -p '{{\"spec\":{{\"suspend\":false}}}}'")),
    };

    /// <param name="busy">A run is at work: none other may begin.</param>
    public static ScheduleStatus Of(CronJobView job, bool busy, DateTimeOffset now)
    {
        var spec = job.Spec!;
        var suspended = spec.Suspend == true;
        var last = job.Status?.LastScheduleTime;
        var cron = CronSchedule.Parse(spec.Schedule, spec.TimeZone);
        DateTimeOffset? missed = null;
        if (!suspended && !busy && cron?.After(last ?? job.Metadata.CreationTimestamp ?? now) is { } due && due + Slow < now)
        {
            missed = due;
        }

        var deadline = spec.StartingDeadlineSeconds is { } seconds ? TimeSpan.FromSeconds(seconds) : UsualDeadline;
        return new ScheduleStatus(
            job.Metadata.Name, spec.Schedule, spec.TimeZone, suspended, last, suspended ? null : cron?.After(now), missed, missed + deadline < now,
            suspended ? Holder(job) : null, suspended ? ScheduleHold.SourceOf(job.Metadata.Annotation(WorkloadScaler.StoppedFor)) : null);
    }

    private static ScheduleHolder? Holder(CronJobView job) => job.Metadata.Annotation(WorkloadScaler.StoppedFor) switch
    {
        { } what => what.StartsWith(ScheduleHold.RecoveryPrefix, StringComparison.Ordinal) ? ScheduleHolder.Recovery : ScheduleHolder.Restore,
        null => job.Metadata.Annotation(WorkloadScaler.Before) is null ? null : ScheduleHolder.Configuration,
    };
}
