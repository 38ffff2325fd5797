using KubectlMlopsBackup.Configuration;
using KubectlMlopsBackup.Output;
using Scriban.Runtime;

namespace KubectlMlopsBackup.Manifests;

/// <summary>What every object has: name, namespace, labels, annotations. All values are quoted as YAML needs it.</summary>
internal sealed class ObjectModel(BackupPlan plan, string ns, string version)
{
    /// <param name="component">What the object is for.</param>
    /// <param name="annotations">Beside those of the plan, and before them.</param>
    public ScriptObject Of(string name, string component, Dictionary<string, string>? annotations = null)
    {
        var kubernetes = plan.Spec.Kubernetes!;
        var labels = new Dictionary<string, string>(kubernetes.Labels, StringComparer.Ordinal)
        {
            ["app.kubernetes.io/name"] = "mlopsbackup",
            ["app.kubernetes.io/instance"] = plan.Metadata.Name,
            ["app.kubernetes.io/component"] = component,
            ["app.kubernetes.io/managed-by"] = "kubectl-mlopsbackup",
            ["app.kubernetes.io/version"] = version,
        };
        var all = new Dictionary<string, string>(kubernetes.Annotations, StringComparer.Ordinal);
        foreach (var (key, value) in annotations ?? [])
        {
            all[key] = value;
        }

        return new ScriptObject
        {
            ["name"] = Quote(name),
            ["namespace"] = Quote(ns),
            ["labels"] = Pairs(labels),
            ["annotations"] = Pairs(all),
        };
    }

    /// <summary>Labels by which the pods of one component are found, and no others.</summary>
    public static Dictionary<string, string> Selector(BackupPlan plan, string component) => new()
    {
        ["app.kubernetes.io/name"] = "mlopsbackup",
        ["app.kubernetes.io/instance"] = plan.Metadata.Name,
        ["app.kubernetes.io/component"] = component,
    };

    /// <summary>Sorted by name; null where there are none, so that templates leave the section out.</summary>
    public static ScriptArray? Pairs(Dictionary<string, string> texts) => texts.Count == 0
        ? null
        : new ScriptArray(texts.OrderBy(t => t.Key, StringComparer.Ordinal).Select(t => Pair(t.Key, Quote(t.Value)!)));

    /// <param name="value">Quoted already.</param>
    public static ScriptObject Pair(string key, string value) => new() { ["key"] = Quote(key), ["value"] = value };

    public static string? Quote(string? value) => value is null ? null : YamlScalar.Quote(value);
}
