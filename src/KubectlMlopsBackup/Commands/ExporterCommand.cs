using System.CommandLine;
using KubectlMlopsBackup.Configuration;
using KubectlMlopsBackup.InCluster;
using KubectlMlopsBackup.Monitoring;

namespace KubectlMlopsBackup.Commands;

internal static class ExporterCommand
{
    private static readonly Option<int> Port = new("--port") { Description = "Port to listen on.", HelpName = "PORT", DefaultValueFactory = _ => MonitoringDefaults.Port };

    private static readonly Option<string> Address = new("--address")
    {
        Description = "Address to listen on; * for all.",
        HelpName = "ADDRESS",
        DefaultValueFactory = _ => "127.0.0.1",
    };

    private static readonly Option<string> Every = new("--every")
    {
        Description = "How often to read anew. Default: 1m, and 5m with --local.",
        HelpName = "TIME",
    };

    public static Command Create() => Verb.Create(
        "exporter",
        """
        Serve the figures of status to Prometheus: /metrics and /healthz, until it is stopped.

        In the cluster they come from CronJobs, Jobs and what their pods said last: no repository is opened and no key is needed. With --local the
        repositories are opened, and only read. spec.monitoring.exporter in the plan has "install" run it in the cluster.
        """,
        [Port, Address, Every],
        RunAsync);

    private static async Task<ExitCode> RunAsync(ParseResult parsed, VerbContext context, CancellationToken cancellationToken)
    {
        var every = Interval(parsed, context.IsLocal);
        using var api = context.IsLocal ? null : await context.ClusterAsync(cancellationToken);
        IStatusFeed feed = api is null
            ? new LocalFeed(await context.PlanAsync(cancellationToken))
            : new ClusterFeed(api, (await InstalledPlan.GetAsync(api, cancellationToken)).Name, context.Clock);
        var exporter = new Exporter(feed, every, context.Clock, w => Console.Error.WriteLine($"warning: {w}"));
        using var server = new MetricsServer(parsed.GetValue(Address)!, parsed.GetValue(Port), exporter);
        await Console.Error.WriteLineAsync($"serving http://{parsed.GetValue(Address)}:{parsed.GetValue(Port)}/metrics for plan {feed.Plan}, read every {every.TotalSeconds} s");
        try
        {
            await Task.WhenAll(exporter.RunAsync(cancellationToken), server.RunAsync(cancellationToken));
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            // The signal that ends it: it has served until then.
        }

        return ExitCode.Done;
    }

    private static TimeSpan Interval(ParseResult parsed, bool isLocal)
    {
        if (parsed.GetValue(Every) is not { } text)
        {
            return isLocal ? TimeSpan.FromMinutes(5) : TimeSpan.FromMinutes(1);
        }

        return PlanDuration.TryParse(text, out var every) && every >= TimeSpan.FromSeconds(1)
            ? every
            : throw new UserError($"--every {text} is no time of at least a second", $"write {PlanDuration.Wanted}", ExitCode.Usage);
    }
}
