using System.CommandLine;
using KubectlMlopsBackup.Cluster.Access;
using KubectlMlopsBackup.Cluster.Api;
using KubectlMlopsBackup.InCluster;
using KubectlMlopsBackup.InCluster.Target;
using KubectlMlopsBackup.Output;
using KubectlMlopsBackup.Recovery;
using KubectlMlopsBackup.Recovery.Drills;
using KubectlMlopsBackup.Recovery.Reports;
using KubectlMlopsBackup.Recovery.Sources;

namespace KubectlMlopsBackup.Commands;

internal static class DrillCommand
{
    private static readonly Option<string> Into = new("--into")
    {
        Description = "The scratch namespace's name. Default: the plan's, dr-test. Another is made up where it is taken.",
        HelpName = "NAME",
    };

    private static readonly Option<bool> Random = new("--random") { Description = "Any complete recovery point: in time, all of them are tried." };

    private static readonly Option<bool> Keep = new("--keep") { Description = "Leave the scratch namespace there, to look around." };

    private static readonly Option<bool> RunHooks = new("--run-hooks")
    {
        Description = "Run the commands of spec.recovery.hooks that have drill: true, on this machine: they come from the cluster, and not from a file of yours.",
    };

    private static readonly Option<bool> Clean = new("--clean")
    {
        Description = "Only delete the scratch namespaces of this platform that were kept, or that a drill has left which no longer runs.",
    };

    public static Command Create() => Verb.Create(
        "drill",
        "Rehearse the recovery: the whole platform from its backups in a scratch namespace, isolated, checked, timed, reported, and taken away again.",
        [RecoveryOptions.Point, SelectionOptions.At, Random, Into, Keep, RunHooks, Clean, RecoveryOptions.Report, InClusterVerb.StartTimeout],
        RunAsync);

    private static async Task<ExitCode> RunAsync(ParseResult parsed, VerbContext context, CancellationToken cancellationToken)
    {
        if (context.IsLocal && !ClusterAccess.IsPod)
        {
            throw new UserError("a drill needs a cluster", "leave out --local; on one machine, restore elsewhere: restore --to DIR --to-database NAME", ExitCode.Usage);
        }

        var files = RecoveryOutput.Files(parsed.GetValue(RecoveryOptions.Report) ?? []);
        var point = RecoveryOptions.Read(parsed, parsed.GetValue(Random));
        if (context.IsLocal)
        {
            if (parsed.GetValue(RunHooks))
            {
                throw new UserError("a drill in a pod runs no programs of the plan", "leave out --run-hooks, or drill from your own machine", ExitCode.Usage);
            }

            return await ScheduledDrill.RunAsync(context, point, files, InClusterVerb.StartTime(parsed), cancellationToken);
        }

        using var verb = await InClusterVerb.BeginAsync(parsed, context, cancellationToken);
        if (parsed.GetValue(Clean))
        {
            return await CleanAsync(context, verb, cancellationToken);
        }

        AgentVersion.Check(verb.Installed, "a drill", ToolVersion.Current);
        await LoginWarning.SayAsync(verb.Api, verb.Installed.Spec, context.Clock, cancellationToken);
        var options = new DrillOptions(parsed.GetValue(Into) ?? verb.Installed.Spec.Recovery.Drill.Namespace, point, parsed.GetValue(Keep), verb.Start, parsed.GetValue(RunHooks));
        RecoveryResult result;
        using (var progress = context.Progress())
        {
            var console = new RecoveryConsole(progress);
            result = await new DrillRun(
                verb.Api,
                verb.Installed,
                options,
                async token => await HeldSource.OpenAsync(verb.Api, verb.Installed, console, verb.Start, context.Clock, token),
                console,
                console.Note,
                console.Begin,
                context.Clock).RunAsync(cancellationToken);
        }

        var report = ReportBuilder.Of(result, ReportKind.Drill, verb.Installed.Spec, await ClusterVersion.ReadAsync(verb.Api, cancellationToken));
        var saved = report.Verdict == ReportVerdict.Cancelled
            ? null
            : await ReportSaving.SaveAsync(() =>
                new ReportCourier(verb.Api, verb.Installed, new JobConsole(context, verb.Api, verb.Installed.Namespace).HoldAsync, verb.Start).SaveAsync(report, cancellationToken));
        await RecoveryOutput.ShowAsync(context, saved?.Report ?? report, saved?.Id, files);
        return ReportJudge.Code(report);
    }

    private static async Task<ExitCode> CleanAsync(VerbContext context, InClusterVerb verb, CancellationToken cancellationToken)
    {
        var source = verb.Installed.Namespace;
        var gone = await ScratchNamespace.SweepAsync(verb.Api, source, kept: true, context.Clock, cancellationToken);
        foreach (var one in gone)
        {
            Console.Out.WriteLine($"namespace/{one.Name} deleted");
        }

        var now = context.Clock.GetUtcNow();
        var running = await DrillNamespace.ListAsync(verb.Api, source, cancellationToken);
        foreach (var one in running)
        {
            context.Say(
                $"namespace {one.Name} stays: its drill said {Humanize.Age(now - one.Seen)} ago that it runs. If it does not, run this again in {Humanize.Age(DrillNamespace.Silence - (now - one.Seen))}");
        }

        if (gone.Count == 0 && running.Count == 0)
        {
            context.Say($"no drill of {source} has left anything");
        }

        return DrillArtifactsJob.Ids(gone) is { Count: > 0 } ids && verb.Installed.Spec is { Artifacts.S3: not null, Recovery.Drill.Artifacts: not null }
            ? await ClearAsync(context, verb, gone, ids, cancellationToken)
            : ExitCode.Done;
    }

    /// <summary>Once nothing in the namespaces can write any more.</summary>
    private static async Task<ExitCode> ClearAsync(
        VerbContext context, InClusterVerb verb, IReadOnlyList<DrillNamespace> gone, IReadOnlyList<string> ids, CancellationToken cancellationToken)
    {
        foreach (var one in gone.Where(g => ids.Contains(g.Drill)))
        {
            if (!await ScratchNamespace.WaitGoneAsync(verb.Api, one.Name, one.Uid, ScratchNamespace.Gone, context.Clock, cancellationToken))
            {
                throw new UserError(
                    $"namespace {one.Name} is still being deleted, and its pods may still write artifacts: those of drill {one.Drill} stay",
                    $"see what holds it: kubectl get namespace {one.Name} -o yaml; the next drill deletes its artifacts when they are a week old",
                    ExitCode.Incomplete);
            }
        }

        using var progress = context.Progress();
        var clearing = new DrillArtifactsJob(verb.Api, verb.Installed);
        var job = await clearing.StartAsync(ids, cancellationToken);
        if (await clearing.FollowAsync(job, new RecoveryConsole(progress), verb.Start, context.Clock, cancellationToken) is { } trouble)
        {
            throw new UserError(
                $"the artifacts of {(ids.Count == 1 ? $"drill {ids[0]}" : $"drills {string.Join(", ", ids)}")} are not deleted: {trouble}",
                $"see: kubectl mlopsbackup logs {job.Metadata.Name} -n {verb.Installed.Namespace}; the next drill deletes them when they are a week old",
                ExitCode.Incomplete);
        }

        progress.Note("and so are their artifacts in S3");
        return ExitCode.Done;
    }
}
