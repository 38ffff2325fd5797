using System.CommandLine;
using KubectlMlopsBackup.Cluster.Api;
using KubectlMlopsBackup.Cluster.Models;
using KubectlMlopsBackup.Cluster.Scaling;
using KubectlMlopsBackup.InCluster;
using KubectlMlopsBackup.InCluster.Target;
using KubectlMlopsBackup.Local;
using KubectlMlopsBackup.Manifests;
using KubectlMlopsBackup.Output;
using KubectlMlopsBackup.Repository.Snapshots;

namespace KubectlMlopsBackup.Commands;

/// <summary><c>restore</c> in the cluster: the platform is stopped, restored by a Job, and started again.</summary>
internal static class RestoreInCluster
{
    public static readonly Option<bool> Resume = new("--resume")
    {
        Description = "In the cluster: finish a restore that this machine lost sight of: wait for its Job, then start the platform again.",
    };

    public static readonly Option<bool> Abort = new("--abort")
    {
        Description = "In the cluster: cancel a restore that runs, and start the platform again. What was restored until then stays.",
    };

    public static readonly Option<bool> NoScaleDown = new("--no-scale-down")
    {
        Description = "In the cluster: leave the plan's scaleDown workloads running.",
    };

    public static readonly Option<string> ToNamespace = new("--to-namespace")
    {
        Description = "In the cluster: into the same platform in another namespace. It must have a database, Secrets and volumes of its own; see also drill and recover. Config: with all that refers to the old one; OLD=NEW,OLD=NEW where the snapshot has several.",
        HelpName = "NAME",
    };

    private static readonly Option[] Here = [Resume, Abort, NoScaleDown, ToNamespace, InClusterVerb.StartTimeout];

    /// <param name="only">Null for all.</param>
    /// <param name="to">Where the artifacts go; null for the plan's place.</param>
    /// <param name="yes">Not passed on: it is answered here.</param>
    public static async Task<ExitCode> RunAsync(
        ParseResult parsed, VerbContext context, Component? only, string? to, bool dryRun, Option<bool> yes, CancellationToken cancellationToken)
    {
        using var verb = await InClusterVerb.BeginAsync(parsed, context, cancellationToken);
        var source = verb.Installed.Namespace;
        var takesUp = parsed.GetValue(Resume) || parsed.GetValue(Abort);
        var target = parsed.GetValue(ToNamespace) is { } name ? EnterTarget(verb, takesUp ? TargetPlan.Begun(verb.Installed, name) : TargetPlan.Of(verb.Installed, name, only, to)) : null;
        List<string> arguments = [.. ForwardedArguments.Of(parsed, [.. Here, yes])];
        if (!dryRun)
        {
            arguments.Add("--yes");
        }

        var job = dryRun ? AgentJobs.Compare(verb.Installed.Spec, arguments) : AgentJobs.Restore(verb.Installed.Spec, arguments);
        async Task<JobView> StartAsync((string Key, string Value)? mark, CancellationToken token)
        {
            if (target is not null)
            {
                await target.PrepareAsync(token);
            }

            var started = await verb.Run.StartAsync(job, token, mark);
            if (target is not null)
            {
                await target.GiveToAsync(started, token);
            }

            return started;
        }

        if (dryRun)
        {
            await CheckAsync(target, cancellationToken);
            var (code, outcome) = await verb.FollowAsync(await StartAsync(null, cancellationToken), LocalJson.Default.RestoreOutcome, cancellationToken);
            if (outcome is not null)
            {
                Print(context, outcome);
            }

            return code;
        }

        var workloads = parsed.GetValue(NoScaleDown) ? [] : Workloads(verb.Installed);
        var platform = new PlatformRestore(verb.Api, verb.Installed, source, workloads, context.Clock, line => Console.Error.WriteLine(PlainText.Clean(line)));
        if (takesUp)
        {
            return await FinishAsync(verb, platform, context, parsed.GetValue(Abort), cancellationToken);
        }

        if (await platform.RunningAsync(cancellationToken) is [var running, ..])
        {
            throw new UserError(
                $"a restore runs already: job {running.Metadata.Name}", $"wait for it with: {platform.Again("--resume")}; or cancel it with: {platform.Again("--abort")}", ExitCode.Locked);
        }

        await CheckAsync(target, cancellationToken);
        await VerbContext.ConfirmAsync([What(verb, workloads, only, target is null ? null : source)], parsed.GetValue(yes), cancellationToken);
        return await GuardAsync(verb, platform, context, token => StartAsync(platform.Mark, token), takenUp: false, cancellationToken);
    }

    private static TargetNamespace EnterTarget(InClusterVerb verb, InstalledPlan target)
    {
        AgentVersion.Check(verb.Installed, "a restore into another namespace", ToolVersion.Current);
        verb.Enter(target);
        return new TargetNamespace(verb.Api, verb.Installed, w => Console.Error.WriteLine($"warning: {PlainText.Clean(w)}"));
    }

    private static Task CheckAsync(TargetNamespace? target, CancellationToken cancellationToken) =>
        target is null ? Task.CompletedTask : target.CheckAsync(cancellationToken);

    private static async Task<ExitCode> FinishAsync(
        InClusterVerb verb, PlatformRestore platform, VerbContext context, bool abort, CancellationToken cancellationToken)
    {
        var (stopped, job) = await platform.TakeUpAsync(cancellationToken);
        if (!stopped && job is null or { End: not null })
        {
            throw new UserError(
                $"there is no restore to {(abort ? "abort" : "resume")}: none runs, and no workload was left stopped", null, ExitCode.Usage);
        }

        if (abort)
        {
            foreach (var running in await platform.RunningAsync(cancellationToken))
            {
                await verb.Api.DeleteAsync(ApiResource.Jobs, verb.Installed.Namespace, running.Metadata.Name, running.Metadata.Uid, dryRun: false, cancellationToken);
                await Console.Error.WriteLineAsync($"job {running.Metadata.Name} is cancelled");
            }

            return await platform.StartAsync(cancellationToken) ? ExitCode.Done : ExitCode.Failed;
        }

        if (job is null)
        {
            var back = await platform.StartAsync(cancellationToken);
            throw new UserError(
                $"the restore was lost sight of before its Job began, so nothing was restored; the platform is {(back ? "started again as it was" : "not back: see above")}",
                "restore again");
        }

        return await GuardAsync(verb, platform, context, _ => Task.FromResult(job), takenUp: true, cancellationToken);
    }

    private static async Task<ExitCode> GuardAsync(
        InClusterVerb verb, PlatformRestore platform, VerbContext context, Func<CancellationToken, Task<JobView>> start, bool takenUp, CancellationToken cancellationToken)
    {
        var began = context.Clock.GetTimestamp();
        RestoreOutcome? outcome = null;
        try
        {
            var code = await platform.RunAsync(
                async token =>
                {
                    (var ended, outcome) = await verb.FollowAsync(await start(token), LocalJson.Default.RestoreOutcome, token);
                    return ended;
                },
                takenUp,
                cancellationToken);
            var restored = new RestoredPlatform
            {
                Namespace = verb.Installed.Namespace,
                Restore = outcome,
                Steps = platform.Steps,
                Seconds = Math.Round(context.Clock.GetElapsedTime(began).TotalSeconds, 3),
                ExitCode = (int)code,
            };
            Print(context, restored, verb.Installed.Spec.Recovery.RtoDuration());
            return code;
        }
        catch (JobLeftException e) when (e.Runs)
        {
            await Console.Error.WriteLineAsync($"the platform stays stopped until the restore is finished: {platform.Again("--resume")}, or --abort");
            throw;
        }
    }

    private static List<Workload> Workloads(InstalledPlan installed) =>
        [.. installed.Spec.Kubernetes!.ScaleDown.Select(text => Workload.TryParse(text, out var workload)
            ? workload!
            : throw new UserError($"the plan's spec.kubernetes.scaleDown has {text}", $"write {Workload.Wanted}", ExitCode.Usage))];

    /// <param name="source">The namespace whose backups they are; null for the same.</param>
    private static string What(InClusterVerb verb, List<Workload> workloads, Component? only, string? source)
    {
        var spec = verb.Installed.Spec;
        List<string> what = [];
        if (spec.Postgres is { } postgres && only is null or Component.Postgres)
        {
            what.Add($"replace the database {postgres.Database} on {postgres.Host}");
        }

        if (spec.Artifacts is { } artifacts && only is null or Component.Artifacts)
        {
            what.Add($"bring the artifacts on {(artifacts.Volume is { } volume ? $"volume {volume.ClaimName}" : $"s3://{artifacts.S3?.Bucket}/{artifacts.S3?.Prefix}")} to an earlier state");
        }

        return $"{string.Join(" and ", what)} in namespace {verb.Installed.Namespace}{(verb.Api.Context is { } context ? $" of context {context}" : "")}"
            + (source is null ? "" : $" with a backup of namespace {source}")
            + (workloads.Count > 0 ? $", while {string.Join(", ", workloads)} stand still" : "");
    }

    private static void Print(VerbContext context, RestoreOutcome outcome)
    {
        context.Print(outcome, LocalJson.Default.RestoreOutcome, RestoreTable.Of, o => [$"snapshot/{o.Artifacts?.Snapshot}"]);
        RestoreTable.PrintNotes(context, outcome);
    }

    private static void Print(VerbContext context, RestoredPlatform restored, TimeSpan rto)
    {
        if (restored.Restore is { } outcome)
        {
            context.Print(restored, InClusterJson.Default.RestoredPlatform, _ => RestoreTable.Of(outcome), _ => [$"recoverypoint/{outcome.RecoveryPoint}"]);
            RestoreTable.PrintNotes(context, outcome);
        }
        else if (!context.IsTable)
        {
            context.Print(restored, InClusterJson.Default.RestoredPlatform, _ => new TableWriter(), _ => []);
        }

        Console.Error.WriteLine(
            $"the platform: {(restored.ExitCode == 0 ? "back" : "see above")} after {Humanize.Duration(TimeSpan.FromSeconds(restored.Seconds))} (target {Humanize.Duration(rto)})");
    }
}
