using KubectlMlopsBackup.Configuration;
using KubectlMlopsBackup.InCluster.Status;
using KubectlMlopsBackup.Manifests;
using KubectlMlopsBackup.Repository.Snapshots;

namespace KubectlMlopsBackup.Monitoring;

/// <summary>A status as figures.</summary>
internal static class StatusMetrics
{
    private const string Passed = "passed";

    /// <param name="pruned">When a run last pruned; null where that is not known, or (with <c>--local</c>) nobody could know.</param>
    public static IReadOnlyList<Sample> Of(PlanSpec spec, StatusReport report, DateTimeOffset? pruned)
    {
        var samples = new List<Sample>
        {
            new(Metrics.Rpo, spec.Recovery.RpoDuration().TotalSeconds),
            new(Metrics.Rto, spec.Recovery.RtoDuration().TotalSeconds),
        };
        foreach (var component in report.Components)
        {
            Add(samples, component);
            if (report.Verification is not null)
            {
                var cronJob = component.Component switch
                {
                    Component.Postgres => AgentJobs.PostgresBackup,
                    Component.Artifacts => AgentJobs.ArtifactsBackup,
                    _ => AgentJobs.ConfigBackup,
                };
                Run(samples, component.Component.ToString().ToLowerInvariant(), component.LastRun, component.Running);
                Schedule(samples, cronJob, component.Schedule, report.Time);
            }
        }

        if (report.Verification is { } verification)
        {
            Run(samples, "verify", verification.LastRun, verification.Running);
            Schedule(samples, AgentJobs.Verify, verification.Schedule, report.Time);
            samples.Add(new Sample(Metrics.PruneSuccess, Unix(pruned)));
        }

        foreach (var repository in report.Repositories)
        {
            Add(samples, repository);
        }

        foreach (var (credential, time) in CredentialExpiry.Of(spec, report.Repositories.Select(r => (r.Repository, r.CertificateExpires))))
        {
            samples.Add(new Sample(Metrics.CredentialExpiry, Unix(time), credential));
        }

        if (report.Drill is { } drill)
        {
            Add(samples, drill, report);
        }

        return samples;
    }

    private static void Add(List<Sample> samples, DrillStatus drill, StatusReport report)
    {
        samples.Add(new Sample(Metrics.DrillOverdue, drill.Overdue ? 1 : 0));
        if (report.Verification is not null && (drill.Schedule is not null || drill.LastRun is not null))
        {
            Run(samples, AgentJobs.Drill, null, drill.Running);
            Schedule(samples, AgentJobs.Drill, drill.Schedule, report.Time);
        }

        if (drill.LastTime is not { } time)
        {
            return;
        }

        samples.Add(new Sample(Metrics.DrillTime, Unix(time)));
        samples.Add(new Sample(Metrics.DrillSuccess, drill.Verdict == Passed ? 1 : 0));
        if (drill.Seconds is { } seconds)
        {
            samples.Add(new Sample(Metrics.DrillDuration, seconds));
        }
    }

    /// <summary>In Unix time; 0 for never.</summary>
    public static double Unix(DateTimeOffset? time) => time?.ToUnixTimeSeconds() ?? 0;

    private static void Add(List<Sample> samples, ComponentStatus component)
    {
        var name = component.Component.ToString().ToLowerInvariant();
        samples.Add(new Sample(Metrics.LastSuccess, Unix(component.LastSuccess), name));
        if (component.Sizes.Count > 0)
        {
            samples.Add(new Sample(Metrics.Size, component.Sizes[^1], name));
        }

        if (component.Seconds.Count > 0)
        {
            samples.Add(new Sample(Metrics.Duration, component.Seconds[^1], name));
        }

        if (component.Snapshots is { } snapshots)
        {
            samples.Add(new Sample(Metrics.Snapshots, snapshots, name));
            samples.Add(new Sample(Metrics.Verified, Unix(component.VerifiedAt), name));
        }
    }

    private static void Schedule(List<Sample> samples, string name, ScheduleStatus? schedule, DateTimeOffset now)
    {
        samples.Add(new Sample(Metrics.SchedulePresent, schedule is null ? 0 : 1, name));
        if (schedule is null)
        {
            return;
        }

        samples.Add(new Sample(Metrics.ScheduleSuspended, schedule.Suspended ? 1 : 0, name));
        samples.Add(new Sample(Metrics.ScheduleMissed, schedule.MissedSince is null ? 0 : 1, name));
        if (schedule.NextRun is { } next)
        {
            samples.Add(new Sample(Metrics.ScheduleNext, Unix(next), name));
        }

        if (CronSchedule.Parse(schedule.Schedule, schedule.TimeZone)?.Interval(now) is { } interval)
        {
            samples.Add(new Sample(Metrics.ScheduleInterval, interval.TotalSeconds, name));
        }
    }

    private static void Run(List<Sample> samples, string kind, RunStatus? last, RunStatus? running)
    {
        if (last is { ExitCode: { } code })
        {
            samples.Add(new Sample(Metrics.RunExitCode, code, kind));
            samples.Add(new Sample(Metrics.RunEnded, Unix(last.Ended), kind));
        }

        samples.Add(new Sample(Metrics.RunActive, running is null ? 0 : 1, kind));
        samples.Add(new Sample(Metrics.RunWaiting, running is { Verdict: "waiting", Cause: not null } ? 1 : 0, kind));
    }

    private static void Add(List<Sample> samples, RepositoryStatus repository)
    {
        var name = repository.Repository;
        if (repository.AsOf is null && repository.Error is null)
        {
            // Nobody has looked yet: that is no figure.
            return;
        }

        samples.Add(new Sample(Metrics.RepositoryReadable, repository.Error is null ? 1 : 0, name));
        if (repository.AsOf is not { } asOf)
        {
            return;
        }

        samples.Add(new Sample(Metrics.RepositoryRead, Unix(asOf), name));
        samples.Add(new Sample(Metrics.RecoveryPoint, Unix(repository.RecoveryPoint?.Time), name));
        samples.Add(new Sample(Metrics.RecoveryPointVerified, repository.RecoveryPoint?.Verified == VerificationLevel.Data ? 1 : 0, name));
        Figure(samples, Metrics.MissingArtifacts, repository.RecoveryPoint?.Missing, name);
        Figure(samples, Metrics.RepositorySize, repository.Bytes, name);
        Figure(samples, Metrics.RepositoryGrowth, repository.GrowthBytes, name);
        Figure(samples, Metrics.RepositoryFree, repository.FreeBytes, name);
        Figure(samples, Metrics.RepositoryCapacity, repository.TotalBytes, name);
        Figure(samples, Metrics.RepositoryDamaged, repository.Damaged, name);
        if (repository is { ContentBytes: > 0 and { } content, Bytes: > 0 and { } bytes })
        {
            samples.Add(new Sample(Metrics.RepositoryRatio, Math.Round((double)content / bytes, 3), name));
        }
    }

    private static void Figure(List<Sample> samples, Metric metric, long? value, string label)
    {
        if (value is { } figure)
        {
            samples.Add(new Sample(metric, figure, label));
        }
    }
}
