using System.Text.Json.Nodes;
using KubectlMlopsBackup.Cluster;
using KubectlMlopsBackup.Cluster.Api;
using KubectlMlopsBackup.Cluster.Models;
using KubectlMlopsBackup.Configuration;
using KubectlMlopsBackup.Manifests;
using KubectlMlopsBackup.Output;

namespace KubectlMlopsBackup.InCluster.Installing;

/// <summary>
/// Brings a plan's objects into its namespace by server-side apply. Everything is tried without being kept first, so that a refusal
/// or a conflict shows before anything is changed.
/// </summary>
/// <param name="ns">Of the objects.</param>
/// <param name="warn">Is told what cannot be looked at, or does not matter now but will.</param>
internal sealed class Installer(ClusterApi api, BackupPlan plan, IReadOnlyList<Manifest> manifests, string ns, string version, Action<string> warn)
{
    /// <summary>Kinds that are taken away where the plan needs them no more. Not claims: backups lie in them.</summary>
    private static readonly ApiResource[] Pruned =
        [
            ApiResource.CronJobs, ApiResource.Deployments, ApiResource.Services, ApiResource.NetworkPolicies, ApiResource.ConfigMaps, ApiResource.ServiceAccounts,
            ApiResource.Claims,
        ];

    private string Selector => InstalledPlan.SelectorOf(plan.Metadata.Name);

    /// <returns>A line for each object, in the order in which they were applied.</returns>
    /// <exception cref="UserError">Something that the plan names is missing, or the objects are someone else's; nothing was changed.</exception>
    /// <exception cref="ClusterException">Refused.</exception>
    public async Task<IReadOnlyList<ObjectChange>> InstallAsync(InstallOptions options, CancellationToken cancellationToken)
    {
        var changes = new List<ObjectChange>();
        if (!await HasNamespaceAsync(cancellationToken))
        {
            await MakeNamespaceAsync(options, changes, cancellationToken);
            if (options.DryRun)
            {
                return [.. changes, .. manifests.Select(m => new ObjectChange(Name(m), ObjectChange.Created))];
            }
        }

        var live = await ReadyAsync(options, cancellationToken);
        if (!options.DryRun)
        {
            await ApplyAllAsync(live, options with { DryRun = true }, diff: false, cancellationToken);
        }

        changes.AddRange(await ApplyAllAsync(live, options, diff: false, cancellationToken));
        changes.AddRange(await PruneAsync(options.DryRun, cancellationToken));
        return changes;
    }

    /// <summary>What an installation would change, line by line.</summary>
    public async Task<IReadOnlyList<ObjectChange>> DiffAsync(InstallOptions options, CancellationToken cancellationToken)
    {
        if (!await HasNamespaceAsync(cancellationToken))
        {
            return [.. manifests.Select(m => new ObjectChange(Name(m), ObjectChange.Created, [.. m.Yaml.TrimEnd('\n').Split('\n').Select(l => $"+{l}")]))];
        }

        var live = await ReadyAsync(options, cancellationToken);
        var changes = await ApplyAllAsync(live, options with { DryRun = true }, diff: true, cancellationToken);
        return [.. changes, .. await PruneAsync(dryRun: true, cancellationToken)];
    }

    private async Task<List<JsonObject?>> ReadyAsync(InstallOptions options, CancellationToken cancellationToken)
    {
        var live = new List<JsonObject?>();
        foreach (var manifest in manifests)
        {
            live.Add(await FindAsync(ApiResource.OfKind(manifest.Kind), manifest.Namespace ?? ns, manifest.Name, cancellationToken));
        }

        var map = live.Find(o => o is not null && LiveObject.Metadata(o).Name == ManifestRenderer.PlanConfigMap);
        if (map is not null && !options.Force
            && await new ArgoTracking(api, ns).OwnerAsync(ApiResource.ConfigMaps.Kind, LiveObject.Metadata(map), cancellationToken) is { } owner)
        {
            throw InstallOwnership.Foreign(ApiResource.ConfigMaps.Named(ManifestRenderer.PlanConfigMap), owner);
        }

        new InstallOwnership(plan.Metadata.Name, ns, version).Check(manifests, live, options);
        await new InstallChecks(api, plan, ns, warn).RunAsync(cancellationToken);
        return live;
    }

    private async Task<List<ObjectChange>> ApplyAllAsync(List<JsonObject?> live, InstallOptions options, bool diff, CancellationToken cancellationToken)
    {
        var changes = new List<ObjectChange>();
        for (var i = 0; i < manifests.Count; i++)
        {
            var manifest = manifests[i];
            var now = await ApplyAsync(manifest, options, cancellationToken);
            var same = live[i] is not null && (options.DryRun
                ? LiveObject.Comparable(live[i]) == LiveObject.Comparable(now)
                : LiveObject.Metadata(live[i]!).ResourceVersion == LiveObject.Metadata(now).ResourceVersion);
            changes.Add(new ObjectChange(
                Name(manifest),
                live[i] is null ? ObjectChange.Created : same ? ObjectChange.Unchanged : ObjectChange.Configured,
                diff && !same ? LineDiff.Of(LiveObject.Comparable(live[i]), LiveObject.Comparable(now)) : null));
        }

        return changes;
    }

    private async Task<JsonObject> ApplyAsync(Manifest manifest, InstallOptions options, CancellationToken cancellationToken)
    {
        Task<JsonObject> SendAsync(bool force) => api.ApplyAsync(
            ApiResource.OfKind(manifest.Kind), manifest.Namespace ?? ns, manifest.Name, manifest.Yaml, force, options.DryRun, cancellationToken);
        try
        {
            try
            {
                return await SendAsync(options.Force);
            }
            catch (ClusterException e) when (e.IsOwnConflict)
            {
                // A recovery has put the object back, or set a field of it: nobody else's wish is overwritten.
                return await SendAsync(force: true);
            }
        }
        catch (ClusterException e) when (e.IsConflict)
        {
            throw new UserError(
                $"others have changed {Name(manifest)}: {e.Message}",
                "put their change into the plan, or take the fields over with --force-conflicts",
                ExitCode.Failed,
                e);
        }
    }

    private async Task<JsonObject?> FindAsync(ApiResource resource, string target, string name, CancellationToken cancellationToken)
    {
        try
        {
            return await api.GetWholeAsync(resource, target, name, cancellationToken);
        }
        catch (ClusterException e) when (e.IsNotFound)
        {
            return null;
        }
    }

    /// <summary>Who may not look at namespaces is believed: the next request shows it.</summary>
    private async Task<bool> HasNamespaceAsync(CancellationToken cancellationToken)
    {
        try
        {
            return await api.FindAsync(ApiResource.Namespaces, null, ns, ClusterJson.Default.ObjectView, cancellationToken) is not null;
        }
        catch (ClusterException e) when (e.Status == System.Net.HttpStatusCode.Forbidden)
        {
            return true;
        }
    }

    private async Task MakeNamespaceAsync(InstallOptions options, List<ObjectChange> changes, CancellationToken cancellationToken)
    {
        if (!options.CreateNamespace)
        {
            throw new UserError(
                $"there is no namespace {ns}", "name the platform's namespace with -n, or make this one with --create-namespace", ExitCode.Usage);
        }

        var body = new JsonObject
        {
            ["apiVersion"] = "v1",
            ["kind"] = "Namespace",
            ["metadata"] = new JsonObject { ["name"] = ns },
        };
        await api.CreateAsync(ApiResource.Namespaces, null, body.ToJsonString(), options.DryRun, cancellationToken);
        changes.Add(new ObjectChange($"namespace/{ns}", ObjectChange.Created));
    }

    private async Task<List<ObjectChange>> PruneAsync(bool dryRun, CancellationToken cancellationToken)
    {
        var changes = new List<ObjectChange>();
        foreach (var resource in Pruned)
        {
            foreach (var old in (await OursAsync(resource, cancellationToken)).Where(o => !manifests.Any(m => m.Kind == resource.Kind && m.Name == o.Metadata.Name)))
            {
                var keep = resource == ApiResource.Claims || ForeignOwner.Of(old.Metadata) is not null;
                if (!keep)
                {
                    await api.DeleteAsync(resource, ns, old.Metadata.Name, old.Metadata.Uid, dryRun, cancellationToken);
                }

                changes.Add(new ObjectChange(resource.Named(old.Metadata.Name), keep ? ObjectChange.Kept : ObjectChange.Deleted));
            }
        }

        foreach (var (resource, old) in await new InstalledRoles(api, ns, Selector).FindAsync(cancellationToken))
        {
            if (!manifests.Any(m => m.Kind == resource.Kind && m.Name == old.Name && (!resource.Namespaced || (m.Namespace ?? ns) == old.Namespace)))
            {
                await api.DeleteAsync(resource, old.Namespace, old.Name, old.Uid, dryRun, cancellationToken);
                changes.Add(new ObjectChange(resource.Named(old.Name), ObjectChange.Deleted));
            }
        }

        return changes;
    }

    /// <summary>A plan without the exporter has neither Deployment nor Service: who may not list these installs it all the same.</summary>
    private async Task<IReadOnlyList<ObjectView>> OursAsync(ApiResource resource, CancellationToken cancellationToken)
    {
        try
        {
            return (await api.ListAsync(resource, ns, Selector, null, ClusterJson.Default.ListViewObjectView, cancellationToken)).Items;
        }
        catch (ClusterException e) when (e.Status == System.Net.HttpStatusCode.Forbidden && (resource == ApiResource.Deployments || resource == ApiResource.Services))
        {
            return [];
        }
    }

    private static string Name(Manifest manifest) => ApiResource.OfKind(manifest.Kind).Named(manifest.Name);
}
