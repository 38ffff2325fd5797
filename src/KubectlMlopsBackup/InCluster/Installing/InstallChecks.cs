using System.Net;
using KubectlMlopsBackup.Cluster.Api;
using KubectlMlopsBackup.Cluster.Models;
using KubectlMlopsBackup.Configuration;
using KubectlMlopsBackup.Manifests;

namespace KubectlMlopsBackup.InCluster.Installing;

/// <summary>Whether all is there that the plan names, before anything is made. What the caller may not look at is a warning.</summary>
/// <param name="undone">What then did not happen, for the message.</param>
internal sealed class InstallChecks(ClusterApi api, BackupPlan plan, string ns, Action<string> warn, string undone = "nothing was installed")
{
    private const string DefaultClass = "storageclass.kubernetes.io/is-default-class";

    private readonly List<(string What, string Fix)> missing = [];
    private bool classesRefused;

    /// <exception cref="UserError">Something is missing.</exception>
    public async Task RunAsync(CancellationToken cancellationToken)
    {
        foreach (var group in PlanSecrets.Of(plan.Spec).GroupBy(s => s.Secret, StringComparer.Ordinal))
        {
            await CheckSecretAsync(group.Key, [.. group], cancellationToken);
        }

        if (plan.Spec.Artifacts?.Volume is { } volume)
        {
            await CheckClaimAsync("spec.artifacts.volume", volume.ClaimName, cancellationToken);
        }

        for (var i = 0; i < plan.Spec.Repositories.Count; i++)
        {
            if (plan.Spec.Repositories[i].Volume is { } repository)
            {
                await CheckRepositoryAsync($"spec.repositories[{i}].volume", repository, cancellationToken);
            }
        }

        await CheckServiceAsync(cancellationToken);
        await CheckWorkloadsAsync(cancellationToken);
        if (missing.Count > 0)
        {
            throw new UserError(
                $"{undone} in namespace {ns}: {string.Join("\n  and ", missing.Select(m => m.What))}",
                string.Join("\n       ", missing.Select(m => m.Fix).Distinct()),
                ExitCode.Usage);
        }
    }

    private async Task<bool> IsInstalledAsync(CancellationToken cancellationToken) =>
        (await LookAsync(ApiResource.ConfigMaps, ns, ManifestRenderer.PlanConfigMap, cancellationToken)).There is not null;

    private async Task CheckSecretAsync(string name, IReadOnlyList<PlanSecret> uses, CancellationToken cancellationToken)
    {
        var (found, secret) = await LookAsync(ApiResource.Secrets, ns, name, cancellationToken);
        if (!found)
        {
            return;
        }


        if (secret is null)
        {
            missing.Add(($"{uses[0].Field} names Secret {name}, which is not there", PlanSecrets.MakeCommand(ns, name, uses, await IsInstalledAsync(cancellationToken))));
            return;
        }

        foreach (var use in uses.Where(u => u.Key is not null && secret.Data?.ContainsKey(u.Key) != true))
        {
            var has = secret.Data is { Count: > 0 } data ? string.Join(", ", data.Keys.Order(StringComparer.Ordinal)) : "none";
            missing.Add(($"{use.Field} names the key {use.Key} of Secret {name}, which has no such key", $"name one of its keys in the plan ({has}), or add it"));
        }
    }

    private async Task CheckClaimAsync(string field, string name, CancellationToken cancellationToken)
    {
        var (found, claim) = await LookAsync(ApiResource.Claims, ns, name, cancellationToken);
        if (found && claim is null)
        {
            missing.Add(($"{field} names PersistentVolumeClaim {name}, which is not there", $"name the right one in the plan; see: kubectl -n {ns} get pvc"));
        }
    }

    private async Task CheckRepositoryAsync(string field, RepositoryVolumeSpec volume, CancellationToken cancellationToken)
    {
        if (!volume.Create)
        {
            await CheckClaimAsync(field, volume.ClaimName, cancellationToken);
            return;
        }

        if (volume.StorageClassName is { Length: > 0 } name)
        {
            var (found, storage) = await LookAsync(ApiResource.StorageClasses, null, name, cancellationToken);
            if (found && storage is null)
            {
                missing.Add(($"{field}.storageClassName names {name}, which the cluster does not have", "name one of: kubectl get storageclass"));
            }

            return;
        }

        try
        {
            var classes = await api.ListAsync(ApiResource.StorageClasses, null, null, null, ClusterJson.Default.ListViewObjectView, cancellationToken);
            if (!classes.Items.Any(c => c.Metadata.Annotation(DefaultClass) == "true"))
            {
                warn($"the cluster has no default StorageClass: {volume.ClaimName} waits until a volume is made for it by hand; or set {field}.storageClassName");
            }
        }
        catch (ClusterException e) when (e.Status == HttpStatusCode.Forbidden)
        {
            // Once, however many repositories want one.
            if (!classesRefused)
            {
                warn($"not checked whether there is a default StorageClass: {e.Message}");
            }

            classesRefused = true;
        }
    }

    /// <summary>Only a name that must be a Service's is looked for: others may be anywhere.</summary>
    private async Task CheckServiceAsync(CancellationToken cancellationToken)
    {
        if (plan.Spec.Postgres is not { } postgres || ServiceName(postgres.Host) is not { } service)
        {
            return;
        }

        var (found, there) = await LookAsync(ApiResource.Services, service.Namespace, service.Name, cancellationToken);
        if (found && there is null)
        {
            missing.Add((
                $"spec.postgres.host names Service {service.Name}, which namespace {service.Namespace} does not have",
                $"name the database's Service in the plan; see: kubectl -n {service.Namespace} get service"));
        }
    }

    private (string Name, string Namespace)? ServiceName(string host)
    {
        var parts = host.Split('.');
        return parts.Length == 1 && !IPAddress.TryParse(host, out _) ? (parts[0], ns)
            : parts.Length >= 3 && parts[2] == "svc" ? (parts[0], parts[1])
            : null;
    }

    /// <summary>Backups run without them; restores do not.</summary>
    private async Task CheckWorkloadsAsync(CancellationToken cancellationToken)
    {
        foreach (var workload in plan.Spec.Kubernetes!.ScaleDown)
        {
            var parts = workload.Split('/', 2);
            var (found, there) = await LookAsync(
                parts[0] == "deployment" ? ApiResource.Deployments : ApiResource.StatefulSets, ns, parts[1], cancellationToken);
            if (found && there is null)
            {
                warn($"spec.kubernetes.scaleDown names {workload}, which namespace {ns} does not have: a restore would refuse to start");
            }
        }
    }

    /// <returns>Whether it could be looked at, and what is there.</returns>
    private async Task<(bool Found, ObjectView? There)> LookAsync(ApiResource resource, string? space, string name, CancellationToken cancellationToken)
    {
        try
        {
            return (true, await api.FindAsync(resource, space, name, ClusterJson.Default.ObjectView, cancellationToken));
        }
        catch (ClusterException e) when (e.Status == HttpStatusCode.Forbidden)
        {
            warn($"not checked whether {resource.Named(name)} is there: {e.Message}");
            return (false, null);
        }
    }
}
