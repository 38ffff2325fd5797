using System.Security.Cryptography;
using KubectlMlopsBackup.Cluster.Api;
using KubectlMlopsBackup.Cluster.Jobs;
using KubectlMlopsBackup.Cluster.Models;
using KubectlMlopsBackup.Configuration;
using KubectlMlopsBackup.InCluster;
using KubectlMlopsBackup.InCluster.Target;
using KubectlMlopsBackup.Local;
using KubectlMlopsBackup.Manifests;
using KubectlMlopsBackup.Recovery.Journal;
using KubectlMlopsBackup.Recovery.Platform;
using KubectlMlopsBackup.Recovery.Steps;
using KubectlMlopsBackup.Sources.ClusterConfig.Restore;

namespace KubectlMlopsBackup.Recovery;

/// <summary>
/// The recovery of a whole platform, step by step, with a journal in its namespace: whoever resumes, from wherever, goes on behind the last step that
/// was done.
/// </summary>
/// <param name="say">Is told a line a step.</param>
/// <param name="begin">Is told the title of each step as it begins.</param>
internal sealed class RecoverRun(
    ClusterApi api, RecoverOptions options, IJobObserver observer, Action<string> say, Action<string> begin, TimeProvider clock)
{
    private const string Letters = "bcdfghjklmnpqrstvwxz2456789";

    private static readonly TimeSpan Quick = TimeSpan.FromMinutes(10);

    /// <summary>For more than the longest wait for a backup.</summary>
    private static readonly TimeSpan Pause = RecoverOptions.UsualBackupPatience + Quick;

    private readonly ClusterJournal store = new(api, options.Namespace);

    /// <summary>What an earlier run has left there, finished or not; null where there is nothing.</summary>
    public static Task<RecoveryJournal?> EarlierAsync(ClusterApi api, string ns, CancellationToken cancellationToken) =>
        new ClusterJournal(api, ns).LoadAsync(cancellationToken);

    /// <param name="first">Steps that were done before there was a cluster.</param>
    /// <param name="resume">Go on with the journal that is there; otherwise one that is there is replaced.</param>
    /// <exception cref="UserError">Somebody else goes on with it (<see cref="ExitCode.Locked"/>).</exception>
    public async Task<RecoveryResult> RunAsync(IReadOnlyList<JournalStep> first, bool resume, CancellationToken cancellationToken)
    {
        var earlier = await store.LoadAsync(cancellationToken);
        var journal = resume && earlier is not null ? earlier with { Ended = null } : New(first);
        var runner = new StepRunner(journal, store, clock, say, begin);
        var recovery = Recovery(journal.Id);
        var cancelled = false;
        try
        {
            if (await runner.RunAsync(
                [
                    .. HookCommand.Between(
                    [
                        new(StepNames.Namespace, "namespace", Quick, MakeNamespaceAsync),
                        // Again by whoever resumes: somebody may have let them run in between.
                        new(StepNames.Pause, "schedules paused", Pause, t => PauseAsync(runner.Journal, t)) { IsFleeting = true },
                        .. recovery.Steps().Where(s => s.Name != StepNames.Checks),
                        new(StepNames.Schedules, "schedules", Quick, ReleaseAsync),
                        .. recovery.Steps().Where(s => s.Name == StepNames.Checks),
                    ],
                    options.Installed.Spec.Recovery.Hooks,
                    s => s.Name,
                    h => Hook(h, journal.Id)),
                ],
                cancellationToken))
            {
                runner.Learn(j => j with { Ended = clock.GetUtcNow() });
                await runner.SaveAsync(cancellationToken);
            }
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            cancelled = true;
        }

        return new RecoveryResult
        {
            Journal = runner.Journal,
            Target = $"namespace {options.Namespace}{(api.Context is { } context ? $" of context {context}" : "")}",
            Finished = clock.GetUtcNow(),
            Point = options.Point,
            Newest = options.Point.Time,
            Checked = recovery.Checked,
            Outcomes = recovery.Outcomes,
            Checks = recovery.Checks,
            Warnings = [.. recovery.Warnings, .. Suspended(runner.Journal)],
            Failure = runner.Failure,
            Cancelled = cancelled,
        };
    }

    private RecoveryStep Hook(RecoveryHookSpec hook, string id) => new(HookCommand.StepName(hook), HookCommand.Title(hook), hook.TimeoutDuration(), token =>
        options.RunHooks
            ? new HookCommand(hook, observer.Note, "go on with: recover --resume, which runs it again", clock).RunAsync(
                HookCommand.Variables(hook, options.Namespace, id, options.Point.Id, options.Point.Time, drill: false), token)
            : Task.FromResult(StepResult.Incomplete("not run: the plan is no file of this machine. Run it by hand, or recover with --run-hooks")));

    private RecoveryJournal New(IReadOnlyList<JournalStep> first) => new()
    {
        Id = RandomNumberGenerator.GetString(Letters, 8),
        Plan = options.Installed.Name,
        Source = options.Installed.Namespace,
        From = options.From,
        Point = options.Point.Id,
        Config = options.Point.Config,
        PointTime = options.Point.Time,
        Began = options.Began,
        Steps = first,
    };

    private PlatformRecovery Recovery(string id)
    {
        var target = options.Namespace == options.Installed.Namespace
            ? TargetPlan.Back(options.Installed)
            : TargetPlan.Of(options.Installed, options.Namespace, null, null);
        target.Spec.Kubernetes!.Labels[RecoveryJobs.Label] = id;
        return new PlatformRecovery(
            api,
            new RecoverySettings { Id = id, Source = options.Installed.Namespace, Target = target, Point = options.Point, IsDrill = false, StartPatience = options.StartPatience },
            options.Objects,
            observer,
            clock);
    }

    /// <summary>First of all, and alone: the journal lies in it.</summary>
    private async Task<StepResult> MakeNamespaceAsync(CancellationToken cancellationToken)
    {
        if (await api.FindAsync(ApiResource.Namespaces, null, options.Namespace, ClusterJson.Default.ObjectView, cancellationToken) is not null)
        {
            return StepResult.Done("it is there");
        }

        var restore = new ConfigRestoreOptions
        {
            Namespaces = options.Namespace == options.Installed.Namespace
                ? new Dictionary<string, string>()
                : new Dictionary<string, string> { [options.Installed.Namespace] = options.Namespace },
            Phases = new HashSet<RestorePhase> { RestorePhase.Namespaces },
        };
        await new ConfigRestorer(api, restore, clock).RunAsync(
            [.. options.Objects.Where(o => o.Key is { Kind: "Namespace", Group: "" } && o.Key.Name == options.Installed.Namespace)], cancellationToken);
        if (await api.FindAsync(ApiResource.Namespaces, null, options.Namespace, ClusterJson.Default.ObjectView, cancellationToken) is null)
        {
            await api.CreateAsync(
                ApiResource.Namespaces, null, $"{{\"apiVersion\": \"v1\", \"kind\": \"Namespace\", \"metadata\": {{\"name\": \"{options.Namespace}\"}}}}", dryRun: false, cancellationToken);
        }

        return StepResult.Done("made");
    }

    /// <summary>All of the namespace's: what the plan's own would back up, others might write.</summary>
    private async Task<StepResult> PauseAsync(RecoveryJournal journal, CancellationToken cancellationToken)
    {
        if (journal.Step(StepNames.Schedules)!.IsOver)
        {
            return StepResult.Done("they run again already");
        }

        var hold = new ScheduleHold(api, options.Namespace, null, ScheduleHold.RecoveryPrefix + journal.Id, clock);
        var held = await hold.HoldAsync(cancellationToken);
        await hold.WaitQuietAsync(options.BackupPatience, observer.Note, $"recover --resume -n {options.Namespace}", cancellationToken);
        var words = held.Names.Count == 0 ? "none runs" : $"suspended until the end: {string.Join(", ", held.Names)}";
        return held.Refusals is { } refusals ? StepResult.Incomplete($"{words}; {refusals}") : StepResult.Done(words);
    }

    /// <returns>What is to be known of the schedules where the recovery did not come to its end.</returns>
    private IEnumerable<string> Suspended(RecoveryJournal journal)
    {
        if (journal.Step(StepNames.Pause) is { State: not StepState.Pending } && journal.Step(StepNames.Schedules) is { IsOver: false })
        {
            yield return $"no backup runs: the CronJobs of namespace {options.Namespace} stay suspended until the recovery is at its end: kubectl mlopsbackup recover --resume -n {options.Namespace}."
                + $" To give it up, and start all that stands still: kubectl mlopsbackup restore config --release -n {options.Namespace}";
        }
    }

    /// <summary>Last: a backup in the middle of a recovery would be of half a platform.</summary>
    private async Task<StepResult> ReleaseAsync(CancellationToken cancellationToken)
    {
        var started = await WorkloadHold.ReleaseAsync(api, options.Namespace, cancellationToken);
        var words = started.Count == 0 ? "nothing was held" : $"started: {string.Join(", ", started)}";
        if (options.Namespace != options.Installed.Namespace
            || !options.Objects.Any(o => o.IsOwn && o.Key is { Kind: "CronJob", Name: AgentJobs.RepositoryInit }))
        {
            return StepResult.Done(words);
        }

        // A repository on a volume that was lost is empty; what is there stays as it is.
        var job = await new AgentRun(api, options.Installed).StartScheduledAsync(AgentJobs.RepositoryInit, [], cancellationToken);
        var end = await new JobFollower(api, options.Namespace, observer, clock).FollowAsync(job, options.StartPatience, cancellationToken);
        return end.Code == ExitCode.Done
            ? StepResult.Done($"{words}; the repositories are there")
            : StepResult.Incomplete($"{words}; {AgentJobs.RepositoryInit}: {string.Join("; ", end.Failures.Select(f => f.Message).DefaultIfEmpty("failed"))}");
    }
}
