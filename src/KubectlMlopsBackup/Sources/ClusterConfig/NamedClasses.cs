using System.Text.Json.Nodes;

namespace KubectlMlopsBackup.Sources.ClusterConfig;

/// <summary>Names of cluster-wide classes that objects refer to.</summary>
internal static class NamedClasses
{
    public static HashSet<string> StorageClasses(IEnumerable<ConfigObject> objects) => [.. objects
        .SelectMany(o => o.Key switch
        {
            { Group: "", Kind: "PersistentVolumeClaim" } => [o.Body.At("spec", "storageClassName").Text()],
            { Group: "apps", Kind: "StatefulSet" } => o.Body.At("spec", "volumeClaimTemplates").Maps().Select(t => t.At("spec", "storageClassName").Text()),
            _ => Enumerable.Empty<string?>(),
        })
        .OfType<string>()
        .Where(n => n.Length > 0)];

    public static HashSet<string> PriorityClasses(IEnumerable<ConfigObject> objects) =>
        [.. OfPods(objects, "priorityClassName").Where(n => !n.StartsWith("system-", StringComparison.Ordinal))];

    public static HashSet<string> RuntimeClasses(IEnumerable<ConfigObject> objects) => [.. OfPods(objects, "runtimeClassName")];

    public static HashSet<string> IngressClasses(IEnumerable<ConfigObject> objects) => [.. objects
        .Where(o => o.Key is { Group: "networking.k8s.io", Kind: "Ingress" })
        .Select(o => o.Body.At("spec", "ingressClassName").Text())
        .OfType<string>()];

    private static IEnumerable<string> OfPods(IEnumerable<ConfigObject> objects, string field) => objects
        .Select(o => PodSpecs.Of(o.Key, o.Body)?.Text(field))
        .OfType<string>();
}
