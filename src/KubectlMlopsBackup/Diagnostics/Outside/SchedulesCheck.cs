using KubectlMlopsBackup.Cluster.Models;
using KubectlMlopsBackup.InCluster.Status;
using KubectlMlopsBackup.Manifests;
using KubectlMlopsBackup.Output;

namespace KubectlMlopsBackup.Diagnostics.Outside;

/// <summary>Whether the backups come by themselves.</summary>
internal sealed class SchedulesCheck(ClusterLook look) : Check
{
    public override string Id => "schedules";

    public override async Task RunAsync(Findings found, CancellationToken cancellationToken)
    {
        var facts = await look.FactsAsync();
        var next = new List<string>();
        foreach (var job in AgentJobs.Of(look.Spec).Where(j => !j.Suspend))
        {
            var live = facts.CronJobs.FirstOrDefault(c => c.Metadata.Name == job.Name);
            if (live?.Spec is not { } spec)
            {
                found.Problem(Faults.ScheduleMissing, $"CronJob {job.Name} is not there: nothing runs it", $"install the plan again: {InstallCommandLine.Of(look)}");
                continue;
            }

            Rules(found, job.Name, spec);
            When(found, job, live, facts, next);
        }

        found.OkUnlessFault($"next runs: {string.Join(", ", next)}");
    }

    private void Rules(Findings found, string name, CronJobSpecView spec)
    {
        if (spec.ConcurrencyPolicy is { } policy and not "Forbid")
        {
            found.Warning(
                Faults.ScheduleOverlaps,
                $"CronJob {name} has concurrencyPolicy {policy}: {(policy == "Replace" ? "a run that takes long is killed by the next" : "a run that takes long is joined by the next")}",
                look.Kubectl($"patch cronjob {name} -p '{{\"spec\":{{\"concurrencyPolicy\":\"Forbid\"}}}}'"));
        }

        if (spec.TimeZone != look.Spec.TimeZone)
        {
            found.Warning(
                Faults.ScheduleTimeZone, $"CronJob {name} has the time zone {spec.TimeZone ?? "of the cluster"}, and spec.timeZone of the plan is {look.Spec.TimeZone}",
                look.Kubectl($"patch cronjob {name} -p '{{\"spec\":{{\"timeZone\":\"{look.Spec.TimeZone}\"}}}}'"));
        }
    }

    private void When(Findings found, AgentJob job, CronJobView live, ClusterFacts facts, List<string> next)
    {
        var busy = facts.Jobs.Any(j => j.End is null && j.Metadata.OwnerReferences?.Exists(o => o.Uid == live.Metadata.Uid) == true);
        var schedule = ScheduleStatus.Of(live, busy, facts.Now);
        var isBackup = job.Name != AgentJobs.Verify;
        if (schedule.Suspended)
        {
            var (message, fix) = schedule.Suspension(look.Kubectl, o => $"kubectl mlopsbackup {o} -n {look.Namespace}", look.Namespace);
            found.Add(
                isBackup ? FindingVerdict.Problem : FindingVerdict.Warning, Faults.ScheduleSuspended, $"CronJob {job.Name} is {message}: it does not run by itself", fix);
        }
        else if (schedule.MissedSince is { } due)
        {
            found.Add(
                isBackup && schedule.GivenUp ? FindingVerdict.Problem : FindingVerdict.Warning,
                Faults.ScheduleMissed,
                $"CronJob {job.Name} was due at {due:yyyy-MM-dd'T'HH:mm'Z'}, {Humanize.Age(facts.Now - due)} ago, and has not begun",
                $"run it now: kubectl mlopsbackup {Verb(job.Name)} -n {look.Namespace}; and see why: {look.Kubectl($"describe cronjob {job.Name}")}");
        }
        else if (schedule.NextRun is { } time)
        {
            next.Add($"{job.Name} in {Humanize.Age(time - facts.Now)}");
        }
    }

    private static string Verb(string cronJob) => cronJob switch
    {
        AgentJobs.PostgresBackup => "backup postgres",
        AgentJobs.ArtifactsBackup => "backup artifacts",
        _ => "verify data",
    };
}
