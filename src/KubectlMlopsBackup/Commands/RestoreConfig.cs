using System.CommandLine;
using KubectlMlopsBackup.Cluster.Api;
using KubectlMlopsBackup.Local;
using KubectlMlopsBackup.Output;
using KubectlMlopsBackup.Sources.ClusterConfig;
using KubectlMlopsBackup.Sources.ClusterConfig.Restore;

namespace KubectlMlopsBackup.Commands;

/// <summary><c>restore config</c>: always from here, with the caller's own rights. No account in the cluster may write everything.</summary>
internal static class RestoreConfig
{
    /// <param name="include">Kinds.</param>
    /// <param name="exclude">Kinds.</param>
    public static async Task<ExitCode> RunAsync(
        ParseResult parsed, VerbContext context, bool dryRun, bool yes, IReadOnlyList<string> include, IReadOnlyList<string> exclude, CancellationToken cancellationToken)
    {
        var kinds = new KindFilter(include, exclude);
        if (parsed.GetValue(RestoreConfigOptions.Release))
        {
            return await ReleaseAsync(parsed, context, cancellationToken);
        }

        if (!context.IsLocal)
        {
            using var verb = await InClusterVerb.BeginAsync(parsed, context, cancellationToken);
            var (objects, name) = await ConfigFromCluster.ReadAsync(parsed, context, verb, cancellationToken);
            return await ApplyAsync(parsed, context, verb.Api, objects, name, kinds, dryRun, yes, cancellationToken);
        }

        var plan = await context.PlanAsync(cancellationToken);
        var (reading, snapshot) = await LocalConfig.ReadAsync(
            plan, SelectionOptions.Read(parsed), parsed.GetValue(SelectionOptions.Repository), cancellationToken);
        using var api = await context.ClusterAsync(plan.Plan.Metadata.Namespace, cancellationToken);
        return await ApplyAsync(parsed, context, api, reading, $"snapshot {snapshot.ShortId} of {snapshot.Time:u}", kinds, dryRun, yes, cancellationToken);
    }

    private static async Task<ExitCode> ApplyAsync(
        ParseResult parsed, VerbContext context, ClusterApi api, ConfigReading reading, string what, KindFilter kinds, bool dryRun, bool yes, CancellationToken cancellationToken)
    {
        var namespaces = reading.Objects.Select(o => o.Key.Namespace).OfType<string>().Distinct().Order(StringComparer.Ordinal).ToList();
        var options = RestoreConfigOptions.Read(parsed, kinds, dryRun, namespaces);
        ConfigRestoreReport report;
        using (var progress = context.Progress())
        {
            var restorer = new ConfigRestorer(api, options, context.Clock, _ => progress.Counters.AddFiles(1));
            var wanted = restorer.Rewrite(reading.Objects);
            if (!dryRun)
            {
                await VerbContext.ConfirmAsync([Question(api, options, wanted, what)], yes, cancellationToken);
            }

            progress.Counters.Begin(dryRun ? "config: comparing" : "config: restoring", wanted.Objects.Count);
            report = await restorer.RunAsync(reading.Objects, cancellationToken);
        }

        context.Print(report, ConfigJson.Default.ConfigRestoreReport, r => RestoreConfigTable.Of(r, context.Format == OutputFormat.Wide), r => r.Objects
            .Where(o => o.Action is RestoreAction.Created or RestoreAction.Updated or RestoreAction.Replaced).Select(o => o.Object));
        RestoreConfigTable.Say(context, report);
        foreach (var line in RestoreConfigTable.Notes(report).Concat(reading.Notes("not restored")))
        {
            await Console.Error.WriteLineAsync(PlainText.Clean(line));
        }

        return report.Incomplete || reading.Problems.Count + reading.NotInBackup.Count > 0 ? ExitCode.Incomplete : ExitCode.Done;
    }

    private static string Question(ClusterApi api, ConfigRestoreOptions options, RewrittenConfig wanted, string what)
    {
        var targets = wanted.Objects.Select(o => o.Key.Namespace).OfType<string>().Distinct().Order(StringComparer.Ordinal);
        var outside = wanted.Objects.Count(o => o.Key.Namespace is null);
        var existing = options.Existing switch
        {
            ExistingPolicy.Update => "bringing what is there to the snapshot's state",
            ExistingPolicy.Replace => "replacing what is there",
            _ => "leaving what is there as it is",
        };
        return $"apply {wanted.Objects.Count} objects of {what} to {(api.Context is { } context ? $"context {context} ({api.Server.Authority})" : api.Server.Authority)}: "
            + $"namespace {string.Join(", ", targets)}{(outside > 0 ? $", and {outside} outside of namespaces" : "")}, {existing}";
    }

    private static async Task<ExitCode> ReleaseAsync(ParseResult parsed, VerbContext context, CancellationToken cancellationToken)
    {
        using var api = await context.ClusterAsync(cancellationToken);
        var targets = RestoreConfigOptions.Targets(parsed);
        foreach (var ns in targets.Count > 0 ? targets.Select(t => t[(t.IndexOf('=', StringComparison.Ordinal) + 1)..]) : [api.Namespace])
        {
            foreach (var started in await WorkloadHold.ReleaseAsync(api, ns, cancellationToken))
            {
                Console.Out.WriteLine($"{started} started");
            }
        }

        return ExitCode.Done;
    }
}
