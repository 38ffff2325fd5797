using System.Net;
using KubectlMlopsBackup.Cluster.Api;

namespace KubectlMlopsBackup.Diagnostics;

/// <summary>Runs checks side by side. One that fails says so, and hides none of the others.</summary>
internal static class CheckRunner
{
    public static async Task<IReadOnlyList<Finding>> RunAsync(IEnumerable<Check> checks, CancellationToken cancellationToken)
    {
        var found = await Task.WhenAll(checks.Select(c => OneAsync(c, cancellationToken)));
        return [.. found.SelectMany(f => f)];
    }

    private static async Task<IReadOnlyList<Finding>> OneAsync(Check check, CancellationToken cancellationToken)
    {
        var found = new Findings(check.Id);
        try
        {
            await check.RunAsync(found, cancellationToken);
        }
        catch (ClusterException e) when (e.Status is HttpStatusCode.Forbidden or HttpStatusCode.NotFound)
        {
            found.Skip(e.Message, e.Fix);
        }
        catch (ClusterException e)
        {
            found.Problem(Faults.ApiUnreachable, e.Message, e.Fix ?? "see whether the API server is up: kubectl version");
        }

        return found.All;
    }
}
