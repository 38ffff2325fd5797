using KubectlMlopsBackup.Cluster.Api;
using KubectlMlopsBackup.Cluster.Models;

namespace KubectlMlopsBackup.InCluster.Installing;

/// <summary>Takes a plan's objects out of its namespace. The claims that backups lie in stay, unless they are asked for.</summary>
/// <param name="plan">Its name.</param>
internal sealed class Uninstaller(ClusterApi api, string ns, string plan)
{
    /// <summary>In the order in which they go: what starts Jobs first; after them the claims, and the plan itself last, so that a cut-off one can be begun again.</summary>
    private static readonly ApiResource[] Kinds =
        [ApiResource.CronJobs, ApiResource.Jobs, ApiResource.Deployments, ApiResource.Services, ApiResource.NetworkPolicies, ApiResource.ServiceAccounts];

    private string Selector => InstalledPlan.SelectorOf(plan);

    /// <returns>The name of whatever is installed in the namespace; null where nothing is.</returns>
    public static async Task<string?> InstalledNameAsync(ClusterApi api, CancellationToken cancellationToken)
    {
        // Not by the plan's text: one that cannot be read any more can be taken away too.
        var map = await api.FindAsync(
            ApiResource.ConfigMaps, api.Namespace, Manifests.ManifestRenderer.PlanConfigMap, ClusterJson.Default.ConfigMapView, cancellationToken);
        return map?.Metadata.Label("app.kubernetes.io/instance");
    }

    /// <returns>Names of Jobs that have not ended.</returns>
    public async Task<IReadOnlyList<string>> RunningAsync(CancellationToken cancellationToken)
    {
        var jobs = await api.ListAsync(ApiResource.Jobs, ns, Selector, null, ClusterJson.Default.ListViewJobView, cancellationToken);
        return [.. jobs.Items.Where(j => j.End is null && j.Metadata.DeletionTimestamp is null).Select(j => j.Metadata.Name)];
    }

    /// <returns>The claims of the repositories that this plan made.</returns>
    public async Task<IReadOnlyList<string>> ClaimsAsync(CancellationToken cancellationToken)
    {
        var claims = await api.ListAsync(ApiResource.Claims, ns, Selector, null, ClusterJson.Default.ListViewObjectView, cancellationToken);
        return [.. claims.Items.Select(c => c.Metadata.Name)];
    }

    /// <param name="purge">The claims too, and all backups in them.</param>
    public async Task<IReadOnlyList<ObjectChange>> RunAsync(bool purge, DeleteMode mode, CancellationToken cancellationToken)
    {
        var changes = new List<ObjectChange>();
        foreach (var kind in Kinds)
        {
            await DeleteAsync(kind, mode, changes, cancellationToken);
        }

        foreach (var (kind, found) in await new InstalledRoles(api, ns, Selector).FindAsync(cancellationToken))
        {
            if (mode == DeleteMode.Look || await api.DeleteAsync(kind, found.Namespace, found.Name, found.Uid, mode == DeleteMode.Try, cancellationToken))
            {
                changes.Add(new ObjectChange(kind.Named(found.Name), ObjectChange.Deleted));
            }
        }

        if (purge)
        {
            await DeleteAsync(ApiResource.Claims, mode, changes, cancellationToken);
        }
        else
        {
            changes.AddRange((await ClaimsAsync(cancellationToken)).Select(c => new ObjectChange(ApiResource.Claims.Named(c), ObjectChange.Kept)));
        }

        // Without it nothing counts as installed.
        await DeleteAsync(ApiResource.ConfigMaps, mode, changes, cancellationToken);
        return changes;
    }

    private async Task DeleteAsync(ApiResource kind, DeleteMode mode, List<ObjectChange> changes, CancellationToken cancellationToken)
    {
        Listed<ObjectView> all;
        try
        {
            all = await api.ListAsync(kind, ns, Selector, null, ClusterJson.Default.ListViewObjectView, cancellationToken);
        }
        catch (ClusterException e) when (e.Status == System.Net.HttpStatusCode.Forbidden && (kind == ApiResource.Deployments || kind == ApiResource.Services))
        {
            // Of the exporter's: who may not list them has not made them.
            return;
        }

        foreach (var found in all.Items)
        {
            // Jobs go with their CronJob; those of nobody's go here.
            if (mode == DeleteMode.Look
                || await api.DeleteAsync(kind, ns, found.Metadata.Name, found.Metadata.Uid, mode == DeleteMode.Try, cancellationToken))
            {
                changes.Add(new ObjectChange(kind.Named(found.Metadata.Name), ObjectChange.Deleted));
            }
        }
    }
}
