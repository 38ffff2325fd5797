namespace KubectlMlopsBackup.Sources.ClusterConfig;

/// <summary>What a snapshot of the configuration says of itself, for listings: no object has to be read.</summary>
/// <param name="ClusterVersion">Such as <c>v1.36.2</c>; null where the server did not say.</param>
/// <param name="Secrets"><c>include</c>, <c>names-only</c> or <c>none</c>.</param>
/// <param name="Selector">Only objects with these labels are in it; null for all.</param>
/// <param name="Kinds">How many objects of each kind.</param>
/// <param name="ManagedBy">How many objects somebody else looks after and will change back: <c>Helm (mlflow)</c>.</param>
/// <param name="LeftOut">How many objects are made by the cluster itself, by the reason.</param>
internal sealed record ConfigSummary(
    string? ClusterVersion,
    IReadOnlyList<string> Namespaces,
    SecretsMode Secrets,
    string? Selector,
    IReadOnlyDictionary<string, int> Kinds,
    IReadOnlyDictionary<string, int> ManagedBy,
    IReadOnlyDictionary<string, int> LeftOut)
{
    public int Objects => Kinds.Values.Sum();
}
