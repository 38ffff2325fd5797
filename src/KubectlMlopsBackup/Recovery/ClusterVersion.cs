using System.Text.Json.Nodes;
using KubectlMlopsBackup.Cluster.Api;

namespace KubectlMlopsBackup.Recovery;

internal static class ClusterVersion
{
    /// <returns>Such as <c>v1.36.2</c>; null where the server does not say.</returns>
    public static async Task<string?> ReadAsync(ClusterApi api, CancellationToken cancellationToken)
    {
        try
        {
            return (await api.DiscoverAsync("version", null, cancellationToken))["gitVersion"] is JsonValue version ? (string?)version : null;
        }
        catch (Exception e) when (e is ClusterException or OperationCanceledException)
        {
            // For people only: it is worth no failure, and a drill that was stopped is reported too.
            return null;
        }
    }
}
