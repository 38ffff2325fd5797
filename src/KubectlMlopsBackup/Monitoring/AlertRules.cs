using KubectlMlopsBackup.Manifests;

namespace KubectlMlopsBackup.Monitoring;

/// <summary>
/// All alerts of a plan. They go by the exporter alone, or by what runs push: it knows of CronJobs and Jobs, so kube-state-metrics is not needed. Series are
/// summed up by the plan's own labels: an exporter's pod that is made anew changes no alert.
/// </summary>
internal static class AlertRules
{
    public const string Critical = "critical";
    public const string Warning = "warning";

    /// <summary>Seconds beyond the RPO: a backup takes its time, and one a year is an hour late (summer time). That of <c>status</c>.</summary>
    public const int Grace = 3_600;

    /// <summary>The same of a recovery point: the schedules of database and artifacts may lie six hours apart.</summary>
    public const int PointGrace = Grace + 21_600;

    /// <summary>
    /// What is pushed by OTLP is seen for five minutes, once a night: its last value counts for so long. The verification is weekly.
    /// </summary>
    public const string PushedWindow = "8d";

    /// <summary>In seconds.</summary>
    private const string Fortnight = "1209600";

    /// <summary>Seconds after which an exporter's last reading is no news any more.</summary>
    public const int FiguresGrace = 900;

    /// <summary>What only who looks at the cluster all the time can tell.</summary>
    private static readonly string[] OfTheExporter =
    [
        "MlopsBackupJobWaiting", "MlopsBackupScheduleDeleted", "MlopsBackupScheduleSuspended", "MlopsBackupScheduleMissed", "MlopsBackupExporterDown",
    ];

    /// <param name="plan">A DNS label: nothing in it needs quoting.</param>
    /// <param name="pushed">Runs push their figures, and there is no exporter.</param>
    public static IReadOnlyList<AlertRule> Of(string plan, bool pushed = false) =>
        pushed
            ? [.. All(Exactly(plan), PushedWindow, Fortnight).Where(r => !OfTheExporter.Contains(r.Name)), NothingPushed(plan)]
            : [.. All(Exactly(plan), null, null), ExporterDown(plan)];

    /// <summary>What of it is wrong at a moment, of several plans at once, whether an exporter or a push tells it. Their texts are not for this.</summary>
    /// <param name="plans">A regular expression.</param>
    /// <param name="window">As Prometheus writes a duration: how old a figure may be.</param>
    public static IReadOnlyList<AlertRule> OfDashboard(string plans, string window)
    {
        var which = $"plan=~\"{plans}\"";
        string Told(string within) => $"last_over_time({Metrics.Rpo.Name}{{{which}}}[{within}])";
        // One of several has fallen silent, or nothing is there at all, or the exporter reads nothing any more.
        var silent = $"(absent({Told(window)}) or (count by (plan) ({Told("14d")}) unless count by (plan) ({Told(window)}))"
            + $" or time() - max by (plan) (last_over_time({Metrics.Refreshed.Name}{{{which}}}[{window}])) > {FiguresGrace})";
        return [ExporterDown(plans) with { Expression = silent }, .. All(which, window, null)];
    }

    private static string Exactly(string plan) => $"plan=\"{plan}\"";

    private static AlertRule ExporterDown(string plan) => new(
        "MlopsBackupExporterDown", Critical, "15m",
        $"absent({Metrics.Refreshed.Name}{{plan=\"{plan}\"}}) or time() - max by (plan) ({Metrics.Refreshed.Name}{{plan=\"{plan}\"}}) > {FiguresGrace}",
        $"Nothing is known of the backups of {plan}", "The exporter does not run, is not scraped, or cannot read the cluster: all other alerts are blind.");

    private static AlertRule NothingPushed(string plan) => new(
        // On the day that it is installed nothing was pushed yet.
        "MlopsBackupNothingPushed", Critical, "26h", $"absent(last_over_time({Metrics.RunEnded.Name}{{plan=\"{plan}\"}}[26h]))",
        $"No run of {plan} has pushed its figures for two days", "The schedules do not run, or what takes the figures does not: all other alerts go by old ones.");

    /// <param name="which">Series of which plan.</param>
    /// <param name="window">How old a figure may be; null for Prometheus' own five minutes.</param>
    /// <param name="verified">Seconds between two verifications at most; null: by the schedule, which only an exporter knows.</param>
    private static IReadOnlyList<AlertRule> All(string which, string? window, string? verified)
    {
        string Last(string series) => window is null ? series : $"last_over_time({series}[{window}])";
        string By(Metric metric, string sum = "max") => $"{sum} by ({string.Join(", ", ["plan", .. metric.Labels])}) ({Last($"{metric.Name}{{{which}}}")})";
        string Age(Metric metric) => $"time() - {By(metric)}";
        var code = By(Metrics.RunExitCode);
        var success = By(Metrics.LastSuccess);
        var point = By(Metrics.RecoveryPoint);
        var size = By(Metrics.Size);
        // Of each pod's series apart: a subquery over their sum would cost a hundred times as much.
        var usual = $"max by (plan, component) (avg_over_time({Metrics.Size.Name}{{{which}}}[14d]))";
        var free = By(Metrics.RepositoryFree, "min");
        var capacity = By(Metrics.RepositoryCapacity);
        var twoVerifications = verified
            ?? $"on (plan) group_left () (2 * max by (plan) ({Metrics.ScheduleInterval.Name}{{{which}, schedule=\"{AgentJobs.Verify}\"}}) + {Grace})";
        return
        [
            new(
                "MlopsBackupFailed", Critical, "5m", $"{code} > 0 unless ({code} == 3 or {code} == 4)",
                "The last {{ $labels.job_kind }} run of {{ $labels.plan }} failed",
                "It ended with exit code {{ $value }}, after it was tried again."),
            new(
                "MlopsBackupIncomplete", Warning, "5m", $"{code} == 3",
                "The last {{ $labels.job_kind }} run of {{ $labels.plan }} had to leave something out",
                "A recovery point with it is not complete: files could not be read, or a mirror or a prune failed."),
            new(
                "MlopsBackupDamaged", Critical, "5m", $"max by (plan, job_kind) ({Last($"{Metrics.RunExitCode.Name}{{{which}, job_kind!=\"{AgentJobs.Drill}\"}}")}) == 4",
                "The last {{ $labels.job_kind }} run of {{ $labels.plan }} found damage",
                "The repository does not hold what was written into it."),
            new(
                "MlopsBackupStale", Critical, "10m",
                $"({Age(Metrics.LastSuccess)} > on (plan) group_left () ({By(Metrics.Rpo)} + {Grace})) and {success} > 0",
                "The newest {{ $labels.component }} backup of {{ $labels.plan }} is {{ $value | humanizeDuration }} old",
                "That is older than the RPO of the plan, and an hour."),
            new(
                "MlopsBackupNeverSucceeded", Critical, "26h", $"{success} == 0",
                "{{ $labels.component }} of {{ $labels.plan }} was never backed up", "A day and two hours have gone by: one night at least was missed."),
            new(
                "MlopsBackupPointStale", Critical, "10m",
                $"({Age(Metrics.RecoveryPoint)} > on (plan) group_left () ({By(Metrics.Rpo)} + {PointGrace})) and {point} > 0",
                "Repository {{ $labels.repository }} of {{ $labels.plan }} would go back {{ $value | humanizeDuration }}",
                "Its newest complete recovery point is older than the RPO, by more than the schedules of database and artifacts may lie apart: backups fail or leave something out, or are not mirrored."),
            new(
                "MlopsBackupPointMissing", Critical, "26h", $"{point} == 0",
                "Repository {{ $labels.repository }} of {{ $labels.plan }} has no complete recovery point", "Nothing can be recovered from it as a whole."),
            new(
                "MlopsBackupJobWaiting", Critical, "15m", $"{By(Metrics.RunWaiting)} == 1",
                "A {{ $labels.job_kind }} run of {{ $labels.plan }} does not start", "Its image, a volume, a Secret or room on a node is missing."),
            new(
                "MlopsBackupScheduleDeleted", Critical, "10m", $"{By(Metrics.SchedulePresent)} == 0",
                "CronJob {{ $labels.schedule }} of {{ $labels.plan }} is not there", "Nothing runs it any more."),
            new(
                "MlopsBackupScheduleSuspended", Warning, "1h", $"{By(Metrics.ScheduleSuspended)} == 1",
                "CronJob {{ $labels.schedule }} of {{ $labels.plan }} is suspended", "It does not run by itself."),
            new(
                "MlopsBackupScheduleMissed", Warning, "1h", $"{By(Metrics.ScheduleMissed)} == 1",
                "CronJob {{ $labels.schedule }} of {{ $labels.plan }} was due and has not begun", "The controller is down, or the run before it does not end."),
            new(
                "MlopsBackupShrunk", Warning, "1h", $"{size} < 0.5 * {usual}",
                "The last {{ $labels.component }} backup of {{ $labels.plan }} is less than half of the usual", "Somebody may have deleted what it backs up. The earlier backups have it still."),
            new(
                "MlopsBackupGrown", Warning, "1h", $"({size} > 2 * {usual}) and {size} > 1073741824",
                "The last {{ $labels.component }} backup of {{ $labels.plan }} is more than twice the usual", "The repository may not have the room for more of it."),
            new(
                "MlopsBackupNotVerified", Warning, "1h",
                $"({Age(Metrics.Verified)} > {twoVerifications}) and {By(Metrics.Verified)} > 0",
                "No {{ $labels.component }} backup of {{ $labels.plan }} was verified for {{ $value | humanizeDuration }}",
                verified is not null ? "That is more than two weeks." : "That is more than two intervals of spec.kubernetes.verifySchedule."),
            new(
                "MlopsBackupPruneNotRunning", Warning, "1h",
                $"{Age(Metrics.PruneSuccess)} > 259200 and {By(Metrics.PruneSuccess)} > 0",
                "Nothing was pruned in the repositories of {{ $labels.plan }} for {{ $value | humanizeDuration }}", "Old snapshots stay, and the volumes fill."),
            new(
                "MlopsBackupVolumeFilling", Warning, "1h", $"{free} < 0.2 * {capacity} or {free} < 14 * {By(Metrics.RepositoryGrowth)}",
                "The volume of repository {{ $labels.repository }} of {{ $labels.plan }} has {{ $value | humanize1024 }}B left", "That is less than a fifth of it, or than two weeks of nights."),
            new(
                "MlopsBackupVolumeFull", Critical, "10m", $"{free} < 0.03 * {capacity} or {free} < 3 * {By(Metrics.RepositoryGrowth)}",
                "The volume of repository {{ $labels.repository }} of {{ $labels.plan }} is as good as full", "Three more nights do not fit."),
            new(
                "MlopsBackupRepositoryUnreadable", Critical, "15m", $"{By(Metrics.RepositoryReadable)} == 0",
                "Repository {{ $labels.repository }} of {{ $labels.plan }} could not be read", "Whoever looked last could not open it."),
            new(
                "MlopsBackupRepositoryDamaged", Critical, "5m", $"{By(Metrics.RepositoryDamaged)} > 0",
                "Repository {{ $labels.repository }} of {{ $labels.plan }} has {{ $value }} objects that cannot be read", "Snapshots or their proofs are hurt."),
            new(
                "MlopsBackupArtifactsMissing", Warning, "1h", $"{By(Metrics.MissingArtifacts)} > 0",
                "In repository {{ $labels.repository }} of {{ $labels.plan }}, {{ $value }} of what the database names has no artifacts",
                "A recovery would bring MLflow back with models or runs whose files are gone."),
            new(
                "MlopsBackupDrillFailed", Warning, "5m", $"{By(Metrics.DrillSuccess)} == 0",
                "The last drill of {{ $labels.plan }} did not pass", "A recovery today would not either."),
            new(
                "MlopsBackupDrillOverdue", Warning, "1h", $"{By(Metrics.DrillOverdue)} == 1",
                "No drill of {{ $labels.plan }} was made when one was due", "By the schedule of the plan; without one, the last drill is more than a quarter of a year old."),
            new(
                "MlopsBackupRtoMissed", Warning, "5m", $"{By(Metrics.DrillDuration)} > on (plan) {By(Metrics.Rto)}",
                "The last drill of {{ $labels.plan }} took {{ $value | humanizeDuration }}", "That is longer than the RTO of the plan."),
            new(
                "MlopsBackupCredentialsExpiring", Warning, "1h", $"{By(Metrics.CredentialExpiry, "min")} - time() < 1209600",
                "{{ $labels.credential }} of {{ $labels.plan }} ends in {{ $value | humanizeDuration }}", "Backups fail from then on. Where the time is negative, it has ended."),
        ];
    }
}
