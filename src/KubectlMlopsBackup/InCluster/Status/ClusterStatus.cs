using KubectlMlopsBackup.Cluster.Models;
using KubectlMlopsBackup.Manifests;
using KubectlMlopsBackup.Repository.Snapshots;
using KubectlMlopsBackup.Repository.State;

namespace KubectlMlopsBackup.InCluster.Status;

/// <summary>Works out from what the cluster says whether the plan's platform is safe.</summary>
internal sealed class ClusterStatus
{
    /// <summary>The Job of <c>verify</c> on request, beside the scheduled one.</summary>
    private const string VerifyOnRequest = "verify";

    private readonly ClusterFacts facts;
    private readonly JobRuns runs;
    private readonly KnownStates states;
    private readonly StatusJudge judge;

    private ClusterStatus(ClusterFacts facts)
    {
        this.facts = facts;
        runs = new JobRuns(facts.Jobs, facts.Pods);
        states = KnownStates.Of(facts.Pods, facts.Plan.Spec.Repositories.Select(r => r.Name));
        judge = new StatusJudge(facts.Plan.Spec, facts.Now, facts.Namespace);
    }

    public static StatusReport Of(ClusterFacts facts) => new ClusterStatus(facts).Report();

    private StatusReport Report()
    {
        var spec = facts.Plan.Spec;
        List<ComponentStatus> components =
        [
            .. spec.Postgres is null ? Array.Empty<ComponentStatus>() : [Read(Component.Postgres, AgentJobs.PostgresBackup)],
            .. spec.Artifacts is null ? Array.Empty<ComponentStatus>() : [Read(Component.Artifacts, AgentJobs.ArtifactsBackup)],
            .. spec.Config is null ? Array.Empty<ComponentStatus>() : [Read(Component.Config, AgentJobs.ConfigBackup)],
        ];
        var verification = Verification();
        foreach (var component in components)
        {
            judge.Component(component);
        }

        judge.Verification(verification);
        var drill = Drill();
        if (drill is not null)
        {
            judge.Drill(drill);
        }

        judge.LeftOfDrills(facts.Drills);
        var repositories = judge.Repositories(states, components);
        foreach (var repository in repositories)
        {
            if (repository.Claim is { } claim && facts.Claims.TryGetValue(claim, out var found))
            {
                judge.Claim(repository.Repository, claim, found?.Status?.Phase);
            }
        }

        return judge.Report(facts.Plan.Metadata.Name, facts.Namespace, components, verification, repositories, drill);
    }

    private ComponentStatus Read(Component component, string cronJob)
    {
        var running = runs.Running(cronJob);
        var known = states.Seen(facts.Plan.Spec.Repositories[0].Name);
        return judge.Measure(component, known, Started(cronJob, known)) with
        {
            LastRun = runs.Last(cronJob),
            Running = running,
            Schedule = Schedule(cronJob, running),
        };
    }

    /// <summary>
    /// A run that ended well and is not in what is known of the repository: it was later, or its pod, and what it said, is gone.
    /// </summary>
    private DateTimeOffset? Started(string cronJob, RepositoryState? known)
    {
        var job = runs.LastComplete(cronJob);
        if (known is not null)
        {
            return job > known.Time ? job : null;
        }

        return job ?? Find(cronJob)?.Status?.LastSuccessfulTime;
    }

    private VerificationStatus Verification()
    {
        var running = runs.Running(AgentJobs.Verify, VerifyOnRequest);
        return new VerificationStatus
        {
            LastSuccess = runs.LastComplete(AgentJobs.Verify, VerifyOnRequest) ?? Find(AgentJobs.Verify)?.Status?.LastSuccessfulTime,
            LastRun = runs.Last(AgentJobs.Verify, VerifyOnRequest),
            Running = running,
            Schedule = Schedule(AgentJobs.Verify, running),
        };
    }

    private DrillStatus? Drill()
    {
        var running = runs.Running(AgentJobs.Drill);
        var seen = facts.Plan.Spec.Repositories.Select(r => states.Seen(r.Name)).OfType<RepositoryState>();
        return DrillReader.Of(facts.Plan.Spec, seen, facts.Now, Schedule(AgentJobs.Drill, running)) is not { } drill
            ? null
            : drill with { LastRun = runs.Last(AgentJobs.Drill), Running = running };
    }

    private ScheduleStatus? Schedule(string cronJob, RunStatus? running) =>
        Find(cronJob) is { Spec: not null } found ? ScheduleStatus.Of(found, running is not null, facts.Now) : null;

    private CronJobView? Find(string name) => facts.CronJobs.FirstOrDefault(c => c.Metadata.Name == name);
}
