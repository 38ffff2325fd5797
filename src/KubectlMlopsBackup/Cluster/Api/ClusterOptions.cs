namespace KubectlMlopsBackup.Cluster.Api;

/// <summary>How the cluster is reached: the words of kubectl's own flags.</summary>
/// <param name="Kubeconfig">A file; null for $KUBECONFIG, ~/.kube/config, or the pod's own account, in that order.</param>
/// <param name="Context">Null for the file's current one.</param>
/// <param name="Namespace">Null for the context's, or <c>default</c>.</param>
/// <param name="As">Another user to act as; null for none.</param>
/// <param name="AsGroups">Groups to act as.</param>
/// <param name="RequestTimeout">Of one answer, not of what is streamed; null for <see cref="ClusterApi.DefaultTimeout"/>, zero for none.</param>
internal sealed record ClusterOptions(
    string? Kubeconfig,
    string? Context,
    string? Namespace,
    string? As,
    IReadOnlyList<string> AsGroups,
    TimeSpan? RequestTimeout)
{
    public static ClusterOptions Default { get; } = new(null, null, null, null, [], null);
}
