using System.Net;
using System.Security.Cryptography;
using KubectlMlopsBackup.Cluster.Api;
using KubectlMlopsBackup.Cluster.Jobs;
using KubectlMlopsBackup.Configuration;
using KubectlMlopsBackup.InCluster;
using KubectlMlopsBackup.InCluster.Target;
using KubectlMlopsBackup.Local;
using KubectlMlopsBackup.Manifests;
using KubectlMlopsBackup.Output;
using KubectlMlopsBackup.Recovery.Journal;
using KubectlMlopsBackup.Recovery.Platform;
using KubectlMlopsBackup.Recovery.Steps;
using KubectlMlopsBackup.Repository.Snapshots;
using KubectlMlopsBackup.Sources.ClusterConfig;

namespace KubectlMlopsBackup.Recovery.Drills;

/// <summary>A whole recovery into a namespace that is there for nothing else, and is gone afterwards, however it ends.</summary>
/// <param name="open">Opens what the backups are read from.</param>
/// <param name="say">Is told a line a step.</param>
/// <param name="begin">Is told the title of each step as it begins.</param>
internal sealed class DrillRun(
    ClusterApi api,
    InstalledPlan installed,
    DrillOptions options,
    Func<CancellationToken, Task<IRecoverySource>> open,
    IJobObserver observer,
    Action<string> say,
    Action<string> begin,
    TimeProvider clock)
{
    private const string Letters = "bcdfghjklmnpqrstvwxz2456789";

    private static readonly TimeSpan Quick = TimeSpan.FromMinutes(10);

    /// <summary>For rights that were given to be known.</summary>
    private static readonly TimeSpan Granted = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan Look = TimeSpan.FromMilliseconds(250);

    /// <summary>For the namespace to be gone after Ctrl-C: the process has 20 seconds in all.</summary>
    private static readonly TimeSpan Hurried = TimeSpan.FromSeconds(8);

    private readonly string id = RandomNumberGenerator.GetString(Letters, 8);
    private readonly List<string> warnings = [];
    private IReadOnlyList<DrillNamespace> left = [];
    private ScratchNamespace? scratch;
    private ListedRecoveryPoint? point;
    private DateTimeOffset? newest;
    private IReadOnlyList<ConfigObject> objects = [];
    private InstalledPlan? target;
    private PlatformRecovery? recovery;

    /// <exception cref="UserError">Source and target are the same; nothing was begun.</exception>
    public async Task<RecoveryResult> RunAsync(CancellationToken cancellationToken)
    {
        ScratchNamespace.RefuseSame(options.Namespace, installed.Namespace);
        var runner = new StepRunner(Journal(), null, clock, say, begin);
        var cancelled = false;
        try
        {
            await GoAsync(runner, cancellationToken);
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            cancelled = true;
        }
        finally
        {
            await CleanUpAsync(runner, cancelled);
        }

        return new RecoveryResult
        {
            Journal = runner.Journal with { Ended = clock.GetUtcNow() },
            Target = $"namespace {scratch?.Name ?? options.Namespace}{(api.Context is { } context ? $" of context {context}" : "")}",
            Finished = clock.GetUtcNow(),
            Point = point,
            Newest = newest,
            Checked = recovery?.Checked,
            Outcomes = recovery?.Outcomes ?? [],
            Checks = recovery?.Checks ?? [],
            Warnings = [.. warnings, .. recovery?.Warnings ?? []],
            Failure = runner.Failure,
            Cancelled = cancelled,
        };
    }

    private RecoveryJournal Journal() => new()
    {
        Id = id,
        Plan = installed.Name,
        Source = installed.Namespace,
        From = "",
        Point = "",
        PointTime = default,
        Began = clock.GetUtcNow(),
    };

    private async Task GoAsync(StepRunner runner, CancellationToken cancellationToken)
    {
        RecoveryStep[] first =
        [
            new(StepNames.Point, "recovery point chosen", Quick + options.StartPatience, token => ChooseAsync(runner, token)),
            new(StepNames.Namespace, "scratch namespace made", Quick, MakeNamespaceAsync),
        ];
        if (!await runner.RunAsync(first, cancellationToken))
        {
            return;
        }

        recovery = new PlatformRecovery(
            api,
            new RecoverySettings { Id = id, Source = installed.Namespace, Target = target!, Point = point!, IsDrill = true, StartPatience = options.StartPatience },
            objects,
            observer,
            clock);
        var hooks = options.RunHooks ? installed.Spec.Recovery.Hooks.Where(h => h.Drill).ToList() : [];
        await runner.RunAsync(
            [
                .. hooks.Where(h => h.After == StepNames.Namespace).Select(Hook),
                .. HookCommand.Between(recovery.Steps(), hooks, s => s.Name, Hook),
            ],
            cancellationToken);
    }

    private RecoveryStep Hook(RecoveryHookSpec hook) => new(HookCommand.StepName(hook), HookCommand.Title(hook), hook.TimeoutDuration(), token =>
        new HookCommand(hook, observer.Note, "drill again", clock).RunAsync(HookCommand.Variables(hook, scratch!.Name, id, point!.Id, point.Time, drill: true), token));

    /// <summary>A hook is about the platform itself, such as where its name leads to, unless the plan says otherwise.</summary>
    private string? WhyNot(RecoveryHookSpec hook) =>
        !hook.Drill ? "it is about the platform itself, unless the plan gives it drill: true"
        : options.RunHooks ? null
        : options.Grant is null ? "it runs on this machine with --run-hooks only" : "a drill by schedule runs no programs: rehearse it with drill --run-hooks";

    private async Task<StepResult> ChooseAsync(StepRunner runner, CancellationToken cancellationToken)
    {
        await using var source = await open(cancellationToken);
        var points = await source.PointsAsync(cancellationToken);
        // Which names can be reached does not hang on the scratch namespace's own.
        var reachable = Of(options.Namespace).Spec.Repositories.Select(r => r.Name).ToList();
        point = options.Point.Choose(points, installed.Name, reachable);
        newest = points.Where(p => p.Plan == installed.Name && p.Complete && reachable.Contains(p.Repository)).Select(p => (DateTimeOffset?)p.Time).Max();
        var snapshot = point.Config ?? throw new UserError(
            $"recovery point {point.Id[..8]} has no configuration: there is nothing to rebuild the platform from", "add \"config: {}\" to the plan's spec, install it, and run: kubectl mlopsbackup backup all");
        var reading = await source.ConfigAsync(snapshot, cancellationToken);
        warnings.AddRange(reading.Notes("configuration"));
        (objects, var leftOut) = DrillObjects.Of(reading.Objects, installed.Namespace);
        warnings.AddRange(leftOut.Select(l => $"not rehearsed: {l}"));
        warnings.AddRange(installed.Spec.Recovery.Hooks.Select(h => (h.Name, Why: WhyNot(h))).Where(h => h.Why is not null).Select(h => $"not rehearsed: hook {h.Name}: {h.Why}"));
        runner.Learn(j => j with { From = source.Location, Point = point.Id, PointTime = point.Time });
        return StepResult.Done($"{point.Id[..8]} of {point.Time:u} from {point.Repository}");
    }

    private async Task<StepResult> MakeNamespaceAsync(CancellationToken cancellationToken)
    {
        left = await ScratchNamespace.SweepAsync(api, installed.Namespace, kept: false, clock, cancellationToken);
        scratch = await ScratchNamespace.CreateAsync(
            api, options.Namespace, installed.Namespace, id, clock, cancellationToken, options.Grant is null ? null : ScratchNamespace.LeastSecurity);
        target = Of(scratch.Name);
        if (options.Grant is { } grant)
        {
            await api.CreateAsync(ApiResource.RoleBindings, scratch.Name, DrillManifests.Binding(scratch.Name, id, grant).Yaml, dryRun: false, cancellationToken);
        }

        foreach (var manifest in DrillManifests.Of(scratch.Name, id, target.Plan))
        {
            await ApplyAsync(scratch.Name, manifest, cancellationToken);
        }

        return StepResult.Done($"{scratch.Name}{(left.Count == 0 ? "" : $"; taken away what earlier drills had left: {string.Join(", ", left.Select(l => l.Name))}")}");
    }

    /// <summary>Rights that were given a moment ago are not known to every API server yet.</summary>
    private async Task ApplyAsync(string ns, Manifest manifest, CancellationToken cancellationToken)
    {
        for (var began = clock.GetTimestamp(); ;)
        {
            try
            {
                await api.ApplyAsync(ApiResource.OfKind(manifest.Kind), ns, manifest.Name, manifest.Yaml, force: false, dryRun: false, cancellationToken);
                return;
            }
            catch (ClusterException e) when (options.Grant is not null && e.Status == HttpStatusCode.Forbidden && clock.GetElapsedTime(began) < Granted)
            {
                await Task.Delay(Look, clock, cancellationToken);
            }
        }
    }

    /// <summary>The plan as it is for a scratch namespace: it refuses whatever would still point at the platform.</summary>
    private InstalledPlan Of(string ns)
    {
        var bucket = installed.Spec.Artifacts?.S3;
        var place = bucket is null ? null : installed.Spec.Recovery.Drill.Artifacts?.In(bucket, id);
        var plan = TargetPlan.Of(
            installed, ns, bucket is not null && place is null ? Component.Postgres : null, place is null ? null : $"s3://{place.Bucket}/{place.Prefix}");
        if (place is not null)
        {
            plan.Spec.Artifacts!.S3 = place;
        }
        else if (bucket is not null)
        {
            // There is nothing that they could look at.
            plan.Spec.Recovery.Checks?.RemoveAll(c => c.Artifacts is not null);
        }

        // It would be around the artifacts that this plan has.
        plan.Spec.Recovery.Drill.Artifacts = null;
        var kubernetes = plan.Spec.Kubernetes!;
        kubernetes.Labels[RecoveryJobs.Label] = id;
        // The scratch namespace has one that is narrower: policies add up.
        kubernetes.NetworkPolicy = false;
        return plan;
    }

    /// <summary>Always; what cannot be waited for is found by the next drill.</summary>
    private async Task CleanUpAsync(StepRunner runner, bool hurry)
    {
        if (scratch is null)
        {
            return;
        }

        await using (scratch)
        {
            await runner.RunAsync([new(StepNames.Cleanup, options.Keep ? "kept" : "cleaned up", ScratchNamespace.Gone * 2, CleanUpAsync)], CancellationToken.None);
        }

        async Task<StepResult> CleanUpAsync(CancellationToken token)
        {
            if (options.Keep && !hurry)
            {
                await scratch.KeepAsync(token);
                var place = target?.Spec.Artifacts?.S3 is { } s3 ? $", and so do its artifacts in s3://{s3.Bucket}/{s3.Prefix}, for a week" : "";
                return StepResult.Skipped($"namespace {scratch.Name} stays{place}; take it away with: kubectl mlopsbackup drill --clean");
            }

            var gone = await scratch.DeleteAsync(hurry ? Hurried : ScratchNamespace.Gone, token);
            var words = gone ? $"namespace {scratch.Name} is gone" : $"namespace {scratch.Name} is being deleted by the cluster";
            return target?.Spec.Artifacts?.S3 is null ? StepResult.Done(words) : await ClearAsync(words, hurry, token);
        }
    }

    /// <summary>By a Job of the installed plan, which has the keys and goes on by itself, where this process is none: once nothing in the scratch namespace can write any more.</summary>
    private async Task<StepResult> ClearAsync(string words, bool hurry, CancellationToken cancellationToken)
    {
        try
        {
            // Nothing writes any more in what was taken away before this drill began.
            IReadOnlyList<string> ids = [id, .. DrillArtifactsJob.Ids(left)];
            if (options.Clear is { } clear)
            {
                await clear(ids, cancellationToken);
                return StepResult.Done($"{words}, and so are its artifacts");
            }

            var clearing = new DrillArtifactsJob(api, installed);
            var job = await clearing.StartAsync(ids, cancellationToken);
            if (hurry)
            {
                return StepResult.Done($"{words}; job {job.Metadata.Name} deletes its artifacts");
            }

            return await clearing.FollowAsync(job, observer, options.StartPatience, clock, cancellationToken) is { } trouble
                ? StepResult.Incomplete($"{words}, its artifacts are not: {trouble}")
                : StepResult.Done($"{words}, and so are its artifacts");
        }
        catch (Exception e) when (e is UserError or ClusterException or IOException)
        {
            return StepResult.Incomplete($"{words}, its artifacts are not: {e.Message}");
        }
    }
}
