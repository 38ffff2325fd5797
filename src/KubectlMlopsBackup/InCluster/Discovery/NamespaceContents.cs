using System.Net;
using KubectlMlopsBackup.Cluster.Api;
using KubectlMlopsBackup.Cluster.Models;

namespace KubectlMlopsBackup.InCluster.Discovery;

/// <summary>What a namespace has, as far as a plan can be guessed from it.</summary>
/// <param name="SecretKeys">Names of Secrets, and of the keys in them: never a value. Empty where the caller may not read Secrets.</param>
internal sealed record NamespaceContents(
    IReadOnlyList<Workload> Workloads,
    IReadOnlyList<ServiceView> Services,
    IReadOnlyList<VolumeClaimView> Claims,
    IReadOnlyDictionary<string, IReadOnlyList<string>> SecretKeys)
{
    /// <param name="warn">Is told what the caller may not read.</param>
    public static async Task<NamespaceContents> ReadAsync(ClusterApi api, Action<string> warn, CancellationToken cancellationToken)
    {
        var ns = api.Namespace;
        var deployments = OrNothing(api.ListAsync(ApiResource.Deployments, ns, null, null, ClusterJson.Default.ListViewTemplatedView, cancellationToken), warn);
        var sets = OrNothing(api.ListAsync(ApiResource.StatefulSets, ns, null, null, ClusterJson.Default.ListViewTemplatedView, cancellationToken), warn);
        var services = OrNothing(api.ListAsync(ApiResource.Services, ns, null, null, ClusterJson.Default.ListViewServiceView, cancellationToken), warn);
        var claims = OrNothing(api.ListAsync(ApiResource.Claims, ns, null, null, ClusterJson.Default.ListViewVolumeClaimView, cancellationToken), warn);
        var secrets = OrNothing(api.ListAsync(ApiResource.Secrets, ns, null, null, ClusterJson.Default.ListViewObjectView, cancellationToken), warn);
        return new NamespaceContents(
            [
                .. (await deployments).Select(d => new Workload("deployment", d)),
                .. (await sets).Select(s => new Workload("statefulset", s)),
            ],
            await services,
            await claims,
            (await secrets).ToDictionary(
                s => s.Metadata.Name, s => (IReadOnlyList<string>)[.. (s.Data ?? []).Keys.Order(StringComparer.Ordinal)], StringComparer.Ordinal));
    }

    private static async Task<IReadOnlyList<T>> OrNothing<T>(Task<Listed<T>> list, Action<string> warn)
    {
        try
        {
            return (await list).Items;
        }
        catch (ClusterException e) when (e.Status == HttpStatusCode.Forbidden)
        {
            warn(e.Message);
            return [];
        }
    }
}
