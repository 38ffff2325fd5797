using System.Net;
using KubectlMlopsBackup.Cluster.Api;
using KubectlMlopsBackup.Cluster.Models;

namespace KubectlMlopsBackup.Diagnostics.Outside;

/// <summary>Whether the database's Service is there, has the plan's port, and a pod behind it.</summary>
internal sealed class ServiceCheck(ClusterLook look) : Check
{
    public override string Id => "service";

    public override async Task RunAsync(Findings found, CancellationToken cancellationToken)
    {
        if (look.Spec.Postgres is not { } postgres)
        {
            return;
        }

        if (Address(postgres.Host) is not var (name, ns))
        {
            found.Ok($"{postgres.Host} is no Service's name: whether it answers is seen from a pod");
            return;
        }

        var service = await look.Api.FindAsync(ApiResource.Services, ns, name, ClusterJson.Default.ServiceView, cancellationToken);
        if (service is null)
        {
            found.Problem(
                Faults.ServiceMissing, $"spec.postgres.host names Service {name}, which namespace {ns} does not have",
                $"set spec.postgres.host in the plan to one of: kubectl -n {ns} get service; then install it again");
            return;
        }

        // A headless Service has the ports of its pods.
        if (service.Spec is { ClusterIP: not "None", Ports: { Count: > 0 } ports } && !ports.Exists(p => p.Port == postgres.Port))
        {
            found.Problem(
                Faults.ServicePort, $"spec.postgres.port is {postgres.Port}, and Service {name} has {string.Join(", ", ports.Select(p => p.Port))}",
                $"set spec.postgres.port in the plan to {ports[0].Port} and install it again");
        }

        var ready = await ReadyAsync(ns, name, cancellationToken);
        if (ready == 0)
        {
            found.Problem(
                Faults.ServiceEmpty, $"Service {name} has no pod that is ready",
                $"see why the database does not run: kubectl -n {ns} get pods{(service.Spec?.Selector is { Count: > 0 } selector ? $" -l {string.Join(',', selector.Select(s => $"{s.Key}={s.Value}"))}" : "")}");
        }

        found.OkUnlessFault($"Service {name} has port {postgres.Port}{(ready is null ? "" : $" and {ready} pod(s) that are ready")}");
    }

    /// <returns>Null where it may not be looked at.</returns>
    private async Task<int?> ReadyAsync(string ns, string service, CancellationToken cancellationToken)
    {
        try
        {
            var slices = await look.Api.ListAsync(
                ApiResource.EndpointSlices, ns, $"kubernetes.io/service-name={service}", null, ClusterJson.Default.ListViewEndpointSliceView, cancellationToken);
            return slices.Items.SelectMany(s => s.Endpoints ?? []).Count(e => e.Conditions?.Ready != false);
        }
        catch (ClusterException e) when (e.Status == HttpStatusCode.Forbidden)
        {
            return null;
        }
    }

    /// <summary>Only a name that must be a Service's: others may be anywhere.</summary>
    private (string Name, string Namespace)? Address(string host)
    {
        var parts = host.Split('.');
        return parts.Length == 1 && !IPAddress.TryParse(host, out _) ? (parts[0], look.Namespace)
            : parts.Length >= 3 && parts[2] == "svc" ? (parts[0], parts[1])
            : null;
    }
}
