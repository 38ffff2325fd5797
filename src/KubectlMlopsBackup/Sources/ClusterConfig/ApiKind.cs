using KubectlMlopsBackup.Cluster.Api;

namespace KubectlMlopsBackup.Sources.ClusterConfig;

/// <summary>A kind that an API server has, in one version.</summary>
/// <param name="Verbs">What can be done with it: list, create, …</param>
internal sealed record ApiKind(ApiResource Resource, IReadOnlyList<string> Verbs)
{
    /// <summary>Whether its objects can be read and made again. Reviews, metrics and the like cannot.</summary>
    public bool IsKept => Verbs.Contains("list") && Verbs.Contains("get") && Verbs.Contains("create");
}
