using KubectlMlopsBackup.Cluster.Models;

namespace KubectlMlopsBackup.InCluster.Discovery;

/// <param name="Kind"><c>deployment</c> or <c>statefulset</c>.</param>
internal sealed record Workload(string Kind, TemplatedView View)
{
    public string Name => View.Metadata.Name;

    /// <summary>As the plan writes it.</summary>
    public override string ToString() => $"{Kind}/{Name}";

    public bool Mounts(string claim) => View.Volumes.Any(v => v.PersistentVolumeClaim?.ClaimName == claim);

    public bool IsSelectedBy(ServiceView service) => service.Spec?.Selector is { Count: > 0 } selector
        && selector.All(l => View.PodLabels.TryGetValue(l.Key, out var value) && value == l.Value);

    public bool UsesSecret(string secret) => View.Containers.Any(c =>
        c.Env?.Exists(e => e.ValueFrom?.SecretKeyRef?.Name == secret) == true || c.EnvFrom?.Exists(e => e.SecretRef?.Name == secret) == true);
}
