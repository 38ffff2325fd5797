using KubectlMlopsBackup.Manifests;
using Scriban.Runtime;

namespace KubectlMlopsBackup.Monitoring;

/// <summary>Alert rules as YAML: a PrometheusRule for the operator, or the file that Prometheus itself reads.</summary>
internal static class AlertText
{
    public const string ObjectName = "mlopsbackup-alerts";

    /// <param name="plan">Its name.</param>
    /// <param name="runbook">Where docs/troubleshooting.md can be read; null leaves the links out.</param>
    /// <param name="pushed">Runs push their figures, and there is no exporter.</param>
    public static string Rules(string plan, string? runbook, bool pushed = false) => TemplateRenderer.Render("monitoring/rules.yaml.sbn", Model(plan, runbook, pushed));

    /// <param name="ns">Null leaves it to who applies it.</param>
    /// <param name="labels">By which the operator finds it, such as <c>release: prometheus</c>.</param>
    public static string Object(string plan, string? ns, IReadOnlyDictionary<string, string> labels, string? runbook, bool pushed = false)
    {
        var model = Model(plan, runbook, pushed);
        model["name"] = ObjectModel.Quote(ObjectName);
        model["namespace"] = ObjectModel.Quote(ns);
        model["labels"] = ObjectModel.Pairs(new Dictionary<string, string>(labels, StringComparer.Ordinal)
        {
            ["app.kubernetes.io/name"] = "mlopsbackup",
            ["app.kubernetes.io/instance"] = plan,
            ["app.kubernetes.io/component"] = "alerts",
            ["app.kubernetes.io/managed-by"] = "kubectl-mlopsbackup",
        });
        return TemplateRenderer.Render("monitoring/prometheusrule.yaml.sbn", model);
    }

    private static ScriptObject Model(string plan, string? runbook, bool pushed) => new()
    {
        ["group"] = ObjectModel.Quote($"mlopsbackup-{plan}"),
        ["rules"] = new ScriptArray(AlertRules.Of(plan, pushed).Select(r => new ScriptObject
        {
            ["alert"] = ObjectModel.Quote(r.Name),
            ["expr"] = ObjectModel.Quote(r.Expression),
            ["for"] = ObjectModel.Quote(r.For),
            ["severity"] = ObjectModel.Quote(r.Severity),
            ["summary"] = ObjectModel.Quote(r.Summary),
            ["description"] = ObjectModel.Quote(r.Description),
            ["runbook"] = runbook is null ? null : ObjectModel.Quote($"{runbook}#{r.Anchor}"),
        })),
    };
}
