using System.CommandLine;
using KubectlMlopsBackup.Cluster.Api;
using KubectlMlopsBackup.Configuration;
using KubectlMlopsBackup.InCluster;
using KubectlMlopsBackup.Monitoring;

namespace KubectlMlopsBackup.Commands;

internal static class AlertsCommand
{
    private static readonly Option<string> Format = new("--format")
    {
        Description = "prometheusrule (an object for the Prometheus operator) or rules (a file that Prometheus reads).",
        HelpName = "FORMAT",
        DefaultValueFactory = _ => "prometheusrule",
    };

    private static readonly Option<bool> Install = new("--install") { Description = "Bring the PrometheusRule into the plan's namespace, by server-side apply." };

    private static readonly Option<string[]> Label = new("--label")
    {
        Description = "Of the PrometheusRule, as the operator's ruleSelector wants it, such as release=prometheus. May be given again.",
        HelpName = "NAME=VALUE",
    };

    private static readonly Option<string?> Runbook = new("--runbook-url")
    {
        Description = "Where docs/troubleshooting.md can be read: each alert links to its section there. Default: spec.monitoring.runbookUrl, else the page of this release.",
        HelpName = "URL",
    };

    public static Command Create() => Verb.Create(
        "alerts",
        """
        Print the alert rules of the plan for Prometheus. They go by the figures of the exporter: spec.monitoring.exporter in the plan.

        The plan is that of -f, else the one that is installed in the namespace. kube-state-metrics is not needed.
        """,
        [Format, Install, DryRunOption.Option, Label, Runbook],
        RunAsync);

    private static async Task<ExitCode> RunAsync(ParseResult parsed, VerbContext context, CancellationToken cancellationToken)
    {
        var labels = Labels(parsed.GetValue(Label) ?? []);
        var format = parsed.GetValue(Format)!;
        if (format is not ("prometheusrule" or "rules"))
        {
            throw new UserError($"--format {format} is not known", "use prometheusrule or rules", ExitCode.Usage);
        }

        if (parsed.GetValue(Install))
        {
            return await InstallAsync(parsed, context, labels, cancellationToken);
        }

        var (plan, ns, monitoring) = await PlanAsync(parsed, context, cancellationToken);
        var runbook = RunbookOf(parsed, monitoring);
        Console.Out.Write(format == "rules" ? AlertText.Rules(plan, runbook, IsPushed(monitoring)) : AlertText.Object(plan, ns, labels, runbook, IsPushed(monitoring)));
        return ExitCode.Done;
    }

    private static async Task<ExitCode> InstallAsync(
        ParseResult parsed, VerbContext context, Dictionary<string, string> labels, CancellationToken cancellationToken)
    {
        using var api = await context.ClusterAsync(cancellationToken);
        var installed = await InstalledPlan.GetAsync(api, cancellationToken);
        var dryRun = DryRunOption.Read(parsed);
        var runbook = RunbookOf(parsed, installed.Spec.Monitoring);
        try
        {
            if (dryRun != DryRun.Client)
            {
                await api.ApplyAsync(
                    ApiResource.PrometheusRules, installed.Namespace, AlertText.ObjectName, AlertText.Object(installed.Name, installed.Namespace, labels, runbook, IsPushed(installed.Spec.Monitoring)),
                    force: false, dryRun == DryRun.Server, cancellationToken);
            }
        }
        catch (ClusterException e) when (e.IsNotFound)
        {
            throw new UserError(
                "the cluster has no PrometheusRules: the Prometheus operator is not installed", "give the rules to your Prometheus: kubectl mlopsbackup alerts --format rules", ExitCode.Usage, e);
        }

        context.Say($"{ApiResource.PrometheusRules.Named(AlertText.ObjectName)} applied{(dryRun is DryRun.Server or DryRun.Client ? " (dry run)" : "")}");
        return ExitCode.Done;
    }

    private static bool IsPushed(MonitoringSpec? monitoring) => monitoring is { Exporter: false, Push.Count: > 0 };

    private static string? RunbookOf(ParseResult parsed, MonitoringSpec? monitoring)
    {
        var given = parsed.GetValue(Runbook);
        if (given is not null && !MonitoringRules.IsRunbook(given))
        {
            throw new UserError($"--runbook-url {given} cannot be linked to", $"give {MonitoringRules.RunbookWanted}", ExitCode.Usage);
        }

        var runbook = given ?? monitoring?.RunbookUrl ?? RunbookPage.Default;
        if (runbook is null)
        {
            Console.Error.WriteLine("warning: the alerts link to no runbook: set spec.monitoring.runbookUrl, or give --runbook-url");
        }

        return runbook;
    }

    /// <summary>A file that was named, or lies here, goes before the cluster.</summary>
    private static async Task<(string Plan, string? Namespace, MonitoringSpec? Monitoring)> PlanAsync(ParseResult parsed, VerbContext context, CancellationToken cancellationToken)
    {
        if (parsed.GetValue(GlobalOptions.Plan) is not null || context.IsLocal)
        {
            var plan = await PlanLoader.LoadAsync(context.PlanPath, cancellationToken);
            return (plan.Metadata.Name, parsed.GetValue(ClusterFlags.Namespace) ?? plan.Metadata.Namespace, plan.Spec.Monitoring);
        }

        using var api = await context.ClusterAsync(cancellationToken);
        var installed = await InstalledPlan.GetAsync(api, cancellationToken);
        return (installed.Name, installed.Namespace, installed.Spec.Monitoring);
    }

    private static Dictionary<string, string> Labels(IReadOnlyList<string> texts)
    {
        var labels = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var text in texts)
        {
            var at = text.IndexOf('=', StringComparison.Ordinal);
            if (at < 1)
            {
                throw new UserError($"--label {text} is no label", "write it as NAME=VALUE", ExitCode.Usage);
            }

            labels[text[..at]] = text[(at + 1)..];
        }

        return labels;
    }
}
