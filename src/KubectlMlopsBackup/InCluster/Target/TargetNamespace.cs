using System.Net;
using System.Text.Json.Nodes;
using KubectlMlopsBackup.Cluster.Api;
using KubectlMlopsBackup.Cluster.Models;
using KubectlMlopsBackup.InCluster.Installing;
using KubectlMlopsBackup.Manifests;

namespace KubectlMlopsBackup.InCluster.Target;

/// <summary>A namespace that is restored into from the backups of another: checked, and given what the Jobs there need.</summary>
/// <param name="target">From <see cref="TargetPlan"/>.</param>
/// <param name="warn">Is told what cannot be looked at.</param>
internal sealed class TargetNamespace(ClusterApi api, InstalledPlan target, Action<string> warn)
{
    /// <summary>Whether all is there that the restore needs, and whether the database is the namespace's own.</summary>
    /// <exception cref="UserError">Something is missing, or leads elsewhere; nothing was made.</exception>
    public async Task CheckAsync(CancellationToken cancellationToken)
    {
        await CheckNamespaceAsync(cancellationToken);
        await new InstallChecks(api, target.Plan, target.Namespace, warn, "nothing was restored").RunAsync(cancellationToken);
        await CheckServiceAsync(cancellationToken);
    }

    /// <summary>Makes the account, the plan and the network policy of the Jobs, unless there is an account already.</summary>
    public async Task PrepareAsync(CancellationToken cancellationToken)
    {
        foreach (var manifest in Manifests())
        {
            if (manifest.Kind == ApiResource.ServiceAccounts.Kind && !await IsOursAsync(manifest, cancellationToken))
            {
                continue;
            }

            await api.ApplyAsync(ApiResource.OfKind(manifest.Kind), target.Namespace, manifest.Name, manifest.Yaml, force: true, dryRun: false, cancellationToken);
        }
    }

    /// <summary>What was made goes when the Job goes, a day after its end: nobody has to come back for it.</summary>
    public async Task GiveToAsync(JobView job, CancellationToken cancellationToken)
    {
        foreach (var manifest in Manifests())
        {
            if (manifest.Kind == ApiResource.ServiceAccounts.Kind && !await IsOursAsync(manifest, cancellationToken))
            {
                continue;
            }

            await api.MergeAsync(ApiResource.OfKind(manifest.Kind), target.Namespace, manifest.Name, null, Owned(job), cancellationToken);
        }
    }

    private IReadOnlyList<Manifest> Manifests() => ManifestRenderer.ForGuest(target.Plan, target.Options);

    /// <summary>One that was there before, such as that of a plan which is installed there, is used as it is.</summary>
    private async Task<bool> IsOursAsync(Manifest account, CancellationToken cancellationToken) =>
        await api.FindAsync(ApiResource.ServiceAccounts, target.Namespace, account.Name, ClusterJson.Default.ObjectView, cancellationToken) is not { } there
        || there.Metadata.Label(TargetPlan.SourceLabel) is not null;

    private static JsonObject Owned(JobView job) => new()
    {
        ["metadata"] = new JsonObject
        {
            ["ownerReferences"] = new JsonArray(new JsonObject
            {
                ["apiVersion"] = ApiResource.Jobs.ApiVersion,
                ["kind"] = ApiResource.Jobs.Kind,
                ["name"] = job.Metadata.Name,
                ["uid"] = job.Metadata.Uid,
            }),
        },
    };

    private async Task CheckNamespaceAsync(CancellationToken cancellationToken)
    {
        try
        {
            if (await api.FindAsync(ApiResource.Namespaces, null, target.Namespace, ClusterJson.Default.ObjectView, cancellationToken) is null)
            {
                throw new UserError(
                    $"there is no namespace {target.Namespace}",
                    "make it, with the database, the Secrets and the volumes that the plan names; drill and recover do that by themselves",
                    ExitCode.Usage);
            }
        }
        catch (ClusterException e) when (e.Status == HttpStatusCode.Forbidden)
        {
            warn($"not checked whether namespace {target.Namespace} is there: {e.Message}");
        }
    }

    /// <summary>A Service can stand for a host of anywhere; this one is only good if pods of this very namespace are behind it.</summary>
    private async Task CheckServiceAsync(CancellationToken cancellationToken)
    {
        if (target.Spec.Postgres is not { } postgres)
        {
            return;
        }

        // Not to be able to look is not good enough here: what is behind it is about to be replaced.
        var name = postgres.Host.Split('.')[0];
        var service = await api.GetAsync(ApiResource.Services, target.Namespace, name, ClusterJson.Default.ServiceView, cancellationToken);
        if (service.Spec?.Type == "ExternalName" || service.Spec?.Selector is not { Count: > 0 })
        {
            throw new UserError(
                $"Service {name} of namespace {target.Namespace} leads out of the namespace: {(service.Spec?.Type == "ExternalName" ? "it is an ExternalName" : "it selects no pods")}, and may be the platform's own database",
                "give the namespace a database of its own, with a Service that selects its pods",
                ExitCode.Usage);
        }
    }
}
