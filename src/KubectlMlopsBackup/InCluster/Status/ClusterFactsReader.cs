using KubectlMlopsBackup.Cluster.Api;
using KubectlMlopsBackup.Cluster.Models;

namespace KubectlMlopsBackup.InCluster.Status;

/// <summary>Asks the cluster, all at once.</summary>
internal static class ClusterFactsReader
{
    /// <param name="drills">Also for what drills have left. It takes a right outside of the namespace: who does not have it sees the rest.</param>
    /// <exception cref="ClusterException">Refused, or no answer.</exception>
    public static async Task<ClusterFacts> ReadAsync(
        ClusterApi api, InstalledPlan installed, TimeProvider clock, bool drills, CancellationToken cancellationToken)
    {
        var ns = installed.Namespace;
        var cronJobs = api.ListAsync(ApiResource.CronJobs, ns, installed.Selector, null, ClusterJson.Default.ListViewCronJobView, cancellationToken);
        var jobs = api.ListAsync(ApiResource.Jobs, ns, installed.Selector, null, ClusterJson.Default.ListViewJobView, cancellationToken);
        var pods = api.ListAsync(ApiResource.Pods, ns, installed.Selector, null, ClusterJson.Default.ListViewPodView, cancellationToken);
        var claims = ClaimsAsync(api, installed, cancellationToken);
        var namespaces = drills && DrillNamespace.MayBe(installed.Spec) ? DrillNamespace.TryListAsync(api, ns, cancellationToken) : Task.FromResult<IReadOnlyList<DrillNamespace>?>(null);
        await Task.WhenAll(cronJobs, jobs, pods, claims, namespaces);
        return new ClusterFacts
        {
            Plan = installed.Plan,
            Namespace = ns,
            Now = clock.GetUtcNow(),
            CronJobs = (await cronJobs).Items,
            Jobs = (await jobs).Items,
            Pods = (await pods).Items,
            Claims = await claims,
            Drills = await namespaces ?? [],
        };
    }

    private static async Task<IReadOnlyDictionary<string, ClaimView?>> ClaimsAsync(ClusterApi api, InstalledPlan installed, CancellationToken cancellationToken)
    {
        var names = installed.Spec.Repositories.Select(r => r.Volume?.ClaimName).OfType<string>().Distinct(StringComparer.Ordinal).ToList();
        var found = await Task.WhenAll(names.Select(n => ClaimAsync(api, installed.Namespace, n, cancellationToken)));
        return names.Zip(found).Where(c => c.Second.MayRead).ToDictionary(c => c.First, c => c.Second.Claim, StringComparer.Ordinal);
    }

    /// <summary>Who may not read volumes still sees the rest.</summary>
    private static async Task<(bool MayRead, ClaimView? Claim)> ClaimAsync(ClusterApi api, string ns, string name, CancellationToken cancellationToken)
    {
        try
        {
            return (true, await api.FindAsync(ApiResource.Claims, ns, name, ClusterJson.Default.ClaimView, cancellationToken));
        }
        catch (ClusterException e) when (e.Status == System.Net.HttpStatusCode.Forbidden)
        {
            return (false, null);
        }
    }
}
