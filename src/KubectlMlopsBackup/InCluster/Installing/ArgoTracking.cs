using KubectlMlopsBackup.Cluster.Api;
using KubectlMlopsBackup.Cluster.Models;

namespace KubectlMlopsBackup.InCluster.Installing;

/// <summary>
/// Argo CD marks its objects by the label <c>app.kubernetes.io/instance</c>, unless it is told otherwise. Helm, and this program, have that
/// label too: it counts only where an Application of that name says itself that the object is its own.
/// </summary>
internal sealed class ArgoTracking(ClusterApi api, string ns)
{
    private const string Instance = "app.kubernetes.io/instance";

    /// <param name="kind">Of the object, such as <c>ConfigMap</c>.</param>
    /// <returns>Such as <c>Argo CD (platform)</c>; null where no Application claims the object, or this user may not see Applications.</returns>
    public async Task<string?> OwnerAsync(string kind, Metadata there, CancellationToken cancellationToken)
    {
        if (there.Label(Instance) is not { Length: > 0 } name)
        {
            return null;
        }

        try
        {
            // In any namespace: Argo CD may be set up to have Applications in several.
            var found = await api.ListAsync(
                ApiResource.Applications, null, null, $"metadata.name={name}", ClusterJson.Default.ListViewApplicationView, cancellationToken);
            return found.Items.Any(a => a.Metadata.Name == name && Claims(a, kind, there.Name)) ? $"Argo CD ({name})" : null;
        }
        catch (ClusterException)
        {
            // Without Argo CD the API server knows no Applications; with it, few may list those of all namespaces.
            return null;
        }
    }

    private bool Claims(ApplicationView application, string kind, string name) =>
        application.Status?.Resources?.Exists(r => r.Kind == kind && r.Name == name && r.Namespace == ns) == true;
}
