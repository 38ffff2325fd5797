using System.CommandLine;
using KubectlMlopsBackup.Cluster.Api;
using KubectlMlopsBackup.Configuration;
using KubectlMlopsBackup.InCluster;
using KubectlMlopsBackup.Monitoring;

namespace KubectlMlopsBackup.Commands;

internal static class AlertsCommand
{
    private const string DefaultRunbook = "docs/troubleshooting.md";

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

    private static readonly Option<string> Runbook = new("--runbook-url")
    {
        Description = "Where your docs/troubleshooting.md can be read: each alert links to its section there.",
        HelpName = "URL",
        DefaultValueFactory = _ => DefaultRunbook,
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
        var runbook = parsed.GetValue(Runbook)!;
        var format = parsed.GetValue(Format)!;
        if (format is not ("prometheusrule" or "rules"))
        {
            throw new UserError($"--format {format} is not known", "use prometheusrule or rules", ExitCode.Usage);
        }

        if (parsed.GetValue(Install))
        {
            return await InstallAsync(parsed, context, labels, runbook, cancellationToken);
        }

        var (plan, ns) = await PlanAsync(parsed, context, cancellationToken);
        Console.Out.Write(format == "rules" ? AlertText.Rules(plan, runbook) : AlertText.Object(plan, ns, labels, runbook));
        return ExitCode.Done;
    }

    private static async Task<ExitCode> InstallAsync(
        ParseResult parsed, VerbContext context, Dictionary<string, string> labels, string runbook, CancellationToken cancellationToken)
    {
        using var api = await context.ClusterAsync(cancellationToken);
        var installed = await InstalledPlan.GetAsync(api, cancellationToken);
        var dryRun = DryRunOption.Read(parsed);
        try
        {
            if (dryRun != DryRun.Client)
            {
                await api.ApplyAsync(
                    ApiResource.PrometheusRules, installed.Namespace, AlertText.ObjectName, AlertText.Object(installed.Name, installed.Namespace, labels, runbook),
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

    /// <summary>A file that was named, or lies here, goes before the cluster.</summary>
    private static async Task<(string Plan, string? Namespace)> PlanAsync(ParseResult parsed, VerbContext context, CancellationToken cancellationToken)
    {
        if (parsed.GetValue(GlobalOptions.Plan) is not null || context.IsLocal)
        {
            var plan = await PlanLoader.LoadAsync(context.PlanPath, cancellationToken);
            return (plan.Metadata.Name, parsed.GetValue(ClusterFlags.Namespace) ?? plan.Metadata.Namespace);
        }

        using var api = await context.ClusterAsync(cancellationToken);
        var installed = await InstalledPlan.GetAsync(api, cancellationToken);
        return (installed.Name, installed.Namespace);
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
