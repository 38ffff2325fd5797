using System.Net;
using System.Text.Json.Nodes;
using KubectlMlopsBackup.Cluster.Api;
using KubectlMlopsBackup.Cluster.Scaling;
using KubectlMlopsBackup.Sources.ClusterConfig.Diff;

namespace KubectlMlopsBackup.Sources.ClusterConfig.Restore;

/// <summary>Brings one object into the cluster.</summary>
internal sealed class ObjectApplier(ClusterApi api, ConfigRestoreOptions options, TimeProvider clock)
{
    private static readonly TimeSpan Look = TimeSpan.FromMilliseconds(250);

    /// <summary>For an object, or a namespace, that is being deleted.</summary>
    private static readonly TimeSpan GonePatience = TimeSpan.FromMinutes(2);

    /// <param name="resource">The kind, as the cluster serves it.</param>
    /// <exception cref="ClusterException">Refused, or no answer.</exception>
    public async Task<RestoredObject> ApplyAsync(ConfigObject wanted, ApiResource resource, CancellationToken cancellationToken)
    {
        var live = await FindAsync(resource, wanted.Key, cancellationToken);
        if (live.At("metadata", "deletionTimestamp") is not null && !options.DryRun)
        {
            await WaitGoneAsync(resource, wanted.Key, cancellationToken);
            live = null;
        }

        if (live is null)
        {
            if (wanted.Annotation(ConfigObject.KeysOnly) is { } keys)
            {
                return Outcome(wanted, RestoreAction.Failed, "its values are not in the snapshot: only the names of its keys are") with
                {
                    Fix = $"make it: kubectl -n {wanted.Key.Namespace} create secret generic {wanted.Key.Name}{string.Concat(keys.Split(',').Where(k => k.Length > 0).Select(k => $" --from-literal={k}=…"))}",
                };
            }

            try
            {
                return await CreateAsync(wanted, resource, cancellationToken);
            }
            catch (ClusterException e) when (e.Reason == "AlreadyExists")
            {
                live = await FindAsync(resource, wanted.Key, cancellationToken) ?? throw new ClusterException(e.Message, null, e.Status, e.Reason, e);
            }
        }

        return await ChangeAsync(wanted, resource, live, cancellationToken);
    }

    private async Task<RestoredObject> CreateAsync(ConfigObject wanted, ApiResource resource, CancellationToken cancellationToken)
    {
        if (IsInstalled(wanted))
        {
            // As the installation made it: a later one with another plan takes away what that plan has no more.
            await UpdateAsync(wanted, resource, cancellationToken);
            return Outcome(wanted, RestoreAction.Created);
        }

        var body = Creatable(wanted);
        try
        {
            await api.CreateAsync(resource, wanted.Key.Namespace, ObjectYaml.Text(body), options.DryRun, cancellationToken);
            return Outcome(wanted, RestoreAction.Created);
        }
        catch (ClusterException e) when (wanted.Key is { Group: "", Kind: "Service" } && e.Message.Contains("already allocated", StringComparison.Ordinal))
        {
            foreach (var port in body.At("spec", "ports").Maps())
            {
                port.Remove("nodePort");
            }

            await api.CreateAsync(resource, wanted.Key.Namespace, ObjectYaml.Text(body), options.DryRun, cancellationToken);
            return Outcome(wanted, RestoreAction.Created, "its node port is taken: it got another one");
        }
    }

    /// <summary>
    /// Of this program's own installation. Not its claims: an apply owns all that a backup has of one, and the next installation, whose plan leaves the
    /// storage class to the cluster, would be refused for taking it away.
    /// </summary>
    private static bool IsInstalled(ConfigObject wanted) => wanted.IsOwn && wanted.Key is not { Group: "", Kind: "PersistentVolumeClaim" };

    /// <summary>What may be there once only is left to what is there.</summary>
    private static JsonObject Creatable(ConfigObject wanted)
    {
        var body = wanted.Copy();
        if (wanted.Key is { Group: "storage.k8s.io", Kind: "StorageClass" })
        {
            body.Map("metadata")?.Drop("annotations", "storageclass.kubernetes.io/is-default-class");
        }

        return body;
    }

    private async Task<RestoredObject> ChangeAsync(ConfigObject wanted, ApiResource resource, JsonObject live, CancellationToken cancellationToken)
    {
        var now = ObjectCleaner.Clean(wanted.Key, live);
        if (wanted.Annotation(WorkloadScaler.StoppedAt) is { } stopped && now.At("metadata", "annotations", WorkloadScaler.StoppedAt) is not null)
        {
            // Held before: the moment does not matter.
            now.Made("metadata").Made("annotations")[WorkloadScaler.StoppedAt] = stopped;
        }

        if (ObjectYaml.Text(now) == ObjectYaml.Text(wanted.Body) || wanted.Annotation(ConfigObject.KeysOnly) is not null)
        {
            return Outcome(wanted, RestoreAction.Unchanged, wanted.Annotation(ConfigObject.KeysOnly) is null ? null : "its values are not in the snapshot");
        }

        var policy = Policy(wanted.Key, live);
        if (policy == ExistingPolicy.Skip)
        {
            return Outcome(wanted, RestoreAction.Kept, "it is there, and differs", SecretMask.Diff(wanted.Key, now, wanted.Body));
        }

        var version = live.At("metadata", "resourceVersion").Text();
        var (after, action, reason) = policy == ExistingPolicy.Update
            ? (await UpdateAsync(wanted, resource, cancellationToken), RestoreAction.Updated, null)
            : await ReplaceAsync(wanted, resource, live, cancellationToken);
        if (!options.DryRun && after.At("metadata", "resourceVersion").Text() == version)
        {
            return Outcome(wanted, RestoreAction.Unchanged);
        }

        var diff = SecretMask.Diff(wanted.Key, now, ObjectCleaner.Clean(wanted.Key, after));
        return diff.Count == 0 && options.DryRun ? Outcome(wanted, RestoreAction.Unchanged) : Outcome(wanted, action, reason, diff);
    }

    private ExistingPolicy Policy(ObjectKey key, JsonObject live)
    {
        // The cluster makes it in every namespace: it was not chosen by anyone.
        if (key is { Group: "", Kind: "ServiceAccount", Name: "default" } && ObjectTriage.WhyNot(key, live, new HashSet<string>()) is not null)
        {
            return ExistingPolicy.Update;
        }

        // Others use it too, and the copy is to leave them alone.
        var isShared = options.Namespaces.Count > 0 && key.Namespace is null && RestoreOrder.PhaseOf(key) is RestorePhase.Definitions or RestorePhase.Cluster
            && key.Kind != "ClusterRoleBinding";
        return isShared ? ExistingPolicy.Skip
            : options.Existing == ExistingPolicy.Replace && RestoreOrder.PhaseOf(key) is RestorePhase.Namespaces or RestorePhase.Definitions ? ExistingPolicy.Update
            : options.Existing;
    }

    private Task<JsonObject> UpdateAsync(ConfigObject wanted, ApiResource resource, CancellationToken cancellationToken) => api.ApplyAsync(
        resource, wanted.Key.Namespace, wanted.Key.Name, ObjectYaml.Text(wanted.Body), force: true, options.DryRun, cancellationToken, strict: false);

    private async Task<(JsonObject After, RestoreAction Action, string? Reason)> ReplaceAsync(
        ConfigObject wanted, ApiResource resource, JsonObject live, CancellationToken cancellationToken)
    {
        var body = wanted.Copy();
        var metadata = body.Made("metadata");
        foreach (var field in (string[])["resourceVersion", "finalizers", "ownerReferences"])
        {
            if (live.At("metadata", field)?.DeepClone() is { } value)
            {
                metadata[field] = value;
            }
        }

        if (live.At("spec", "volumeName")?.DeepClone() is { } volume && wanted.Key is { Group: "", Kind: "PersistentVolumeClaim" })
        {
            body.Made("spec")["volumeName"] = volume;
        }

        if (!IsMadeAnew(wanted, live))
        {
            try
            {
                return (await api.ReplaceAsync(resource, wanted.Key.Namespace, wanted.Key.Name, body, options.DryRun, cancellationToken), RestoreAction.Replaced, null);
            }
            catch (ClusterException e) when (e.Status == HttpStatusCode.UnprocessableEntity && wanted.Key is not { Group: "", Kind: "PersistentVolumeClaim" })
            {
                // A field of it cannot be changed.
            }
        }

        const string Anew = "a field of it cannot be changed: deleted and made again";
        if (options.DryRun)
        {
            return (wanted.Body, RestoreAction.Replaced, Anew);
        }

        await api.DeleteAsync(resource, wanted.Key.Namespace, wanted.Key.Name, live.At("metadata", "uid").Text(), dryRun: false, cancellationToken);
        await WaitGoneAsync(resource, wanted.Key, cancellationToken);
        try
        {
            return (await api.CreateAsync(resource, wanted.Key.Namespace, ObjectYaml.Text(Creatable(wanted)), dryRun: false, cancellationToken), RestoreAction.Replaced, Anew);
        }
        catch (ClusterException e)
        {
            // What was there is better than nothing.
            await api.CreateAsync(resource, wanted.Key.Namespace, ObjectYaml.Text(ObjectCleaner.Clean(wanted.Key, live)), dryRun: false, cancellationToken);
            throw new ClusterException($"{e.Message}; what was there is there again", e.Fix, e.Status ?? HttpStatusCode.ServiceUnavailable, e.Reason, e);
        }
    }

    /// <summary>Whether a Service has an address or not cannot be changed, and the API server ignores the wish instead of refusing it.</summary>
    private static bool IsMadeAnew(ConfigObject wanted, JsonObject live) => wanted.Key is { Group: "", Kind: "Service" }
        && (live.At("spec", "clusterIP").Text() == "None") != (wanted.Body.At("spec", "clusterIP").Text() == "None");

    private async Task<JsonObject?> FindAsync(ApiResource resource, ObjectKey key, CancellationToken cancellationToken)
    {
        try
        {
            return await api.GetWholeAsync(resource, key.Namespace, key.Name, cancellationToken);
        }
        catch (ClusterException e) when (e.IsNotFound)
        {
            return null;
        }
    }

    private async Task WaitGoneAsync(ApiResource resource, ObjectKey key, CancellationToken cancellationToken)
    {
        var began = clock.GetTimestamp();
        while (await FindAsync(resource, key, cancellationToken) is { } live && live.At("metadata", "deletionTimestamp") is not null)
        {
            if (clock.GetElapsedTime(began) > GonePatience)
            {
                throw new ClusterException(
                    $"{key} is being deleted, and is not gone after {GonePatience.TotalMinutes:0} minutes",
                    $"see what holds it: kubectl{(key.Namespace is null ? "" : $" -n {key.Namespace}")} get {key} -o jsonpath={{.metadata.finalizers}}",
                    HttpStatusCode.Conflict,
                    null);
            }

            await Task.Delay(Look, clock, cancellationToken);
        }
    }

    private static RestoredObject Outcome(ConfigObject wanted, RestoreAction action, string? reason = null, IReadOnlyList<string>? diff = null) => new(
        wanted.Key.ToString(), wanted.Key.Namespace, RestoreOrder.PhaseOf(wanted.Key), action, reason, null, wanted.ManagedBy, diff);
}
