using System.Net;
using KubectlMlopsBackup.Cluster.Api;
using KubectlMlopsBackup.Cluster.Models;
using KubectlMlopsBackup.Manifests;

namespace KubectlMlopsBackup.InCluster.Installing;

/// <summary>
/// The roles of an installation, for the backup of the configuration, the exporter and scheduled drills: in its namespace, in others, and of the whole cluster; and what
/// holds them back. Who may not look there has none, or leaves what an administrator made: without the account that it was bound to, it gives nobody anything.
/// </summary>
/// <param name="selector">Of the plan.</param>
internal sealed class InstalledRoles(ClusterApi api, string ns, string selector)
{
    /// <summary>Bindings first: what nothing binds gives no rights. What holds rights back goes after them.</summary>
    private static readonly ApiResource[] Kinds =
    [
        ApiResource.ClusterRoleBindings, ApiResource.ClusterRoles, ApiResource.RoleBindings, ApiResource.Roles,
        ApiResource.AdmissionPolicyBindings, ApiResource.AdmissionPolicies,
    ];

    public async Task<IReadOnlyList<(ApiResource Resource, Metadata Metadata)>> FindAsync(CancellationToken cancellationToken)
    {
        var found = new List<(ApiResource, Metadata)>();
        foreach (var kind in Kinds)
        {
            var all = await ListAsync(kind, null, cancellationToken)
                ?? (kind.Namespaced ? await ListAsync(kind, ns, cancellationToken) : null)
                ?? [];
            found.AddRange(all.Where(IsOurs).Select(m => (kind, m)));
        }

        return found;
    }

    /// <summary>Another installation of a plan of the same name has its own namespace in the names.</summary>
    private bool IsOurs(Metadata role) =>
        role.Name == ConfigManifests.OutsideName(ns) || role.Name == DrillScheduleManifests.OutsideName(ns) || role.Name == DrillScheduleManifests.ScratchRole(ns)
        || (role.Name is ConfigManifests.Name or ExporterManifests.Name or DrillScheduleManifests.Name && role.Namespace == ns);

    /// <returns>Null where this caller may not see them, or the cluster has no such kind.</returns>
    private async Task<IEnumerable<Metadata>?> ListAsync(ApiResource kind, string? target, CancellationToken cancellationToken)
    {
        try
        {
            return (await api.ListAsync(kind, target, selector, null, ClusterJson.Default.ListViewObjectView, cancellationToken)).Items.Select(o => o.Metadata);
        }
        catch (ClusterException e) when (e.Status is HttpStatusCode.Forbidden or HttpStatusCode.NotFound)
        {
            return null;
        }
    }
}
