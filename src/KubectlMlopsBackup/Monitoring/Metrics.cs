namespace KubectlMlopsBackup.Monitoring;

/// <summary>All that is measured. Alerts and dashboards name nothing else; a test holds them together.</summary>
internal static class Metrics
{
    private const string Seconds = "seconds";
    private const string Bytes = "bytes";
    private const string Component = "component";
    private const string Job = "job_kind";
    private const string Schedule = "schedule";
    private const string Repository = "repository";

    public static readonly Metric Refreshed = new("mlopsbackup_exporter_refresh_timestamp_seconds", Seconds, "When this was last read, in Unix time.");
    public static readonly Metric RefreshOk = new("mlopsbackup_exporter_refresh_success", null, "Whether the last reading succeeded: 1 or 0.");

    public static readonly Metric Rpo = new("mlopsbackup_rpo_seconds", Seconds, "The plan's RPO.");
    public static readonly Metric Rto = new("mlopsbackup_rto_seconds", Seconds, "The plan's RTO.");

    public static readonly Metric LastSuccess = new(
        "mlopsbackup_component_last_success_timestamp_seconds", Seconds, "The moment that the newest complete backup is from; 0 where there is none.", Component);
    public static readonly Metric Size = new("mlopsbackup_component_size_bytes", Bytes, "Size of what the last backup read through.", Component);
    public static readonly Metric Duration = new("mlopsbackup_component_duration_seconds", Seconds, "How long the last backup took.", Component);
    public static readonly Metric Snapshots = new("mlopsbackup_component_snapshots", null, "Snapshots in the plan's first repository.", Component);
    public static readonly Metric Verified = new(
        "mlopsbackup_component_verified_timestamp_seconds", Seconds, "When any of its snapshots was last proven good; 0 where none was.", Component);

    public static readonly Metric RunEnded = new("mlopsbackup_run_end_timestamp_seconds", Seconds, "When the newest run of this kind ended.", Job);
    public static readonly Metric RunExitCode = new("mlopsbackup_run_exit_code", null, "Exit code of the newest run of this kind: 0 done, 3 incomplete, 4 damage, else failed.", Job);
    public static readonly Metric RunDuration = new("mlopsbackup_run_duration_seconds", Seconds, "How long the newest run of this kind took. Only of a run that pushed its figures.", Job);
    public static readonly Metric RunActive = new("mlopsbackup_run_active", null, "Whether a run of this kind is at work: 1 or 0.", Job);
    public static readonly Metric RunWaiting = new("mlopsbackup_run_waiting", null, "Whether a run of this kind does not start: 1 or 0.", Job);
    public static readonly Metric PruneSuccess = new(
        "mlopsbackup_prune_last_success_timestamp_seconds", Seconds, "When a run last pruned every repository; 0 where none is known to have.");

    public static readonly Metric SchedulePresent = new("mlopsbackup_schedule_present", null, "Whether the CronJob is there: 1 or 0.", Schedule);
    public static readonly Metric ScheduleSuspended = new("mlopsbackup_schedule_suspended", null, "Whether the CronJob is suspended: 1 or 0.", Schedule);
    public static readonly Metric ScheduleMissed = new("mlopsbackup_schedule_missed", null, "Whether a run that was due has not begun: 1 or 0.", Schedule);
    public static readonly Metric ScheduleNext = new("mlopsbackup_schedule_next_timestamp_seconds", Seconds, "When the CronJob is due next.", Schedule);
    public static readonly Metric ScheduleInterval = new("mlopsbackup_schedule_interval_seconds", Seconds, "Between the next two runs.", Schedule);

    public static readonly Metric RepositoryReadable = new("mlopsbackup_repository_readable", null, "Whether the last who looked could read the repository: 1 or 0.", Repository);
    public static readonly Metric RepositoryRead = new("mlopsbackup_repository_read_timestamp_seconds", Seconds, "When the repository was last looked into.", Repository);
    public static readonly Metric RepositorySize = new("mlopsbackup_repository_size_bytes", Bytes, "Size of all objects of the repository.", Repository);
    public static readonly Metric RepositoryRatio = new(
        "mlopsbackup_repository_dedup_ratio", null, "Size of all snapshots' content by that of the repository; what deduplication and compression save.", Repository);
    public static readonly Metric RepositoryGrowth = new("mlopsbackup_repository_growth_bytes", Bytes, "What a night adds at most, of late.", Repository);
    public static readonly Metric RepositoryFree = new("mlopsbackup_repository_free_bytes", Bytes, "Free room of the repository's volume.", Repository);
    public static readonly Metric RepositoryCapacity = new("mlopsbackup_repository_capacity_bytes", Bytes, "Size of the repository's volume.", Repository);
    public static readonly Metric RepositoryDamaged = new("mlopsbackup_repository_damaged_objects", null, "Objects of snapshots and proofs that cannot be read.", Repository);
    public static readonly Metric RecoveryPoint = new(
        "mlopsbackup_repository_recovery_point_timestamp_seconds", Seconds, "The moment that a recovery would go back to; 0 where there is no complete recovery point.", Repository);
    public static readonly Metric RecoveryPointVerified = new(
        "mlopsbackup_repository_recovery_point_verified", null, "Whether that recovery point was proven good: 1 or 0.", Repository);
    public static readonly Metric MissingArtifacts = new(
        "mlopsbackup_repository_missing_artifacts", null,
        "What the database of that recovery point names, and its artifacts do not have. Not there where nobody has compared them.", Repository);

    public static readonly Metric DrillTime = new("mlopsbackup_drill_timestamp_seconds", Seconds, "When the newest drill began. Not there before the first.");
    public static readonly Metric DrillSuccess = new("mlopsbackup_drill_success", null, "Whether the newest drill passed all of its checks: 1 or 0.");
    public static readonly Metric DrillOverdue = new(
        "mlopsbackup_drill_overdue", null, "Whether a drill was due, and none was made: 1 or 0. Without a schedule, when the newest is a quarter of a year old.");
    public static readonly Metric DrillDuration = new("mlopsbackup_drill_duration_seconds", Seconds, "How long the newest drill took: what the RTO is measured against.");

    public static readonly Metric CredentialExpiry = new(
        "mlopsbackup_credential_expiry_timestamp_seconds", Seconds, "When keys (as the plan says) or the certificate of a store (as it was last seen) end.", "credential");

    public static IReadOnlyList<Metric> All { get; } =
    [
        Refreshed, RefreshOk, Rpo, Rto, LastSuccess, Size, Duration, Snapshots, Verified, RunEnded, RunExitCode, RunDuration, RunActive, RunWaiting, PruneSuccess,
        SchedulePresent, ScheduleSuspended, ScheduleMissed, ScheduleNext, ScheduleInterval, RepositoryReadable, RepositoryRead, RepositorySize, RepositoryRatio,
        RepositoryGrowth, RepositoryFree, RepositoryCapacity, RepositoryDamaged, RecoveryPoint, RecoveryPointVerified, MissingArtifacts, DrillTime, DrillSuccess, DrillOverdue, DrillDuration,
        CredentialExpiry,
    ];
}
