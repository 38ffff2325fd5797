using System.Net;
using System.Text.Json.Nodes;
using KubectlMlopsBackup.Cluster.Api;
using KubectlMlopsBackup.Repository.Snapshots;

namespace KubectlMlopsBackup.Sources.ClusterConfig;

/// <summary>
/// What the objects of namespaces need from outside them: cluster roles that are bound to their accounts, classes that they name, definitions of their
/// custom resources, webhooks that lead to their Services.
/// </summary>
/// <param name="problem">Told of what may not be read.</param>
internal sealed class ClusterNeeds(ClusterApi api, ApiCatalog catalog, ConfigScope scope, Action<Problem> problem)
{
    private const string Rbac = "rbac.authorization.k8s.io";

    /// <summary>Groups whose kinds are Kubernetes' own.</summary>
    private static readonly string[] BuiltIn =
    [
        "", "apps", "batch", "autoscaling", "policy", "extensions", Rbac, "networking.k8s.io", "storage.k8s.io", "apiextensions.k8s.io",
        "admissionregistration.k8s.io", "scheduling.k8s.io", "coordination.k8s.io", "discovery.k8s.io", "events.k8s.io", "certificates.k8s.io",
        "node.k8s.io", "flowcontrol.apiserver.k8s.io", "authentication.k8s.io", "authorization.k8s.io", "resource.k8s.io", "apiregistration.k8s.io",
    ];

    /// <param name="objects">Of the namespaces.</param>
    /// <returns>As the cluster has them.</returns>
    public async Task<IReadOnlyList<(ApiResource Resource, JsonObject Body)>> ReadAsync(IReadOnlyList<ConfigObject> objects, CancellationToken cancellationToken)
    {
        var parts = await Task.WhenAll(
            RolesAsync(objects, cancellationToken),
            NamedAsync("storage.k8s.io", "StorageClass", NamedClasses.StorageClasses(objects), cancellationToken),
            NamedAsync("scheduling.k8s.io", "PriorityClass", NamedClasses.PriorityClasses(objects), cancellationToken),
            NamedAsync("node.k8s.io", "RuntimeClass", NamedClasses.RuntimeClasses(objects), cancellationToken),
            NamedAsync("networking.k8s.io", "IngressClass", NamedClasses.IngressClasses(objects), cancellationToken),
            DefinitionsAsync(objects, cancellationToken),
            WebhooksAsync("ValidatingWebhookConfiguration", cancellationToken),
            WebhooksAsync("MutatingWebhookConfiguration", cancellationToken));
        return [.. parts.SelectMany(p => p)];
    }

    private async Task<List<(ApiResource, JsonObject)>> RolesAsync(IReadOnlyList<ConfigObject> objects, CancellationToken cancellationToken)
    {
        if (!scope.Kinds.Selects(Rbac, "ClusterRoleBinding") && !scope.Kinds.Selects(Rbac, "ClusterRole"))
        {
            return [];
        }

        var bindings = (await ListAsync(Rbac, "ClusterRoleBinding", cancellationToken)).Where(b => b.Body.At("subjects").Maps().Any(IsOurs)).ToList();
        var names = bindings.Select(b => b.Body)
            .Concat(objects.Where(o => o.Key is { Group: Rbac, Kind: "RoleBinding" }).Select(o => o.Body))
            .Where(b => b.At("roleRef", "kind").Text() == "ClusterRole")
            .Select(b => b.At("roleRef", "name").Text())
            .OfType<string>()
            .ToHashSet(StringComparer.Ordinal);
        if (names.Count == 0)
        {
            return bindings;
        }

        // Those that every cluster has are not ours to restore.
        var roles = (await ListAsync(Rbac, "ClusterRole", cancellationToken))
            .Where(r => r.Body.At("metadata", "labels", "kubernetes.io/bootstrapping") is null)
            .ToList();
        var bound = roles.Where(r => names.Contains(r.Body.At("metadata", "name").Text() ?? "")).ToList();
        var feeding = roles.Where(r => bound.Exists(b => Aggregates(b.Body, r.Body)) && !bound.Contains(r));
        return [.. bindings, .. bound, .. feeding];
    }

    private bool IsOurs(JsonObject subject) => subject.Text("kind") switch
    {
        "ServiceAccount" => scope.Namespaces.Contains(subject.Text("namespace") ?? ""),
        "Group" => scope.Namespaces.Any(ns => subject.Text("name") == $"system:serviceaccounts:{ns}"),
        "User" => scope.Namespaces.Any(ns => subject.Text("name")?.StartsWith($"system:serviceaccount:{ns}:", StringComparison.Ordinal) == true),
        _ => false,
    };

    /// <summary>Whether the rules of one role are put together from another's.</summary>
    private static bool Aggregates(JsonObject role, JsonObject other) => role.At("aggregationRule", "clusterRoleSelectors").Maps()
        .Select(s => s.Map("matchLabels"))
        .OfType<JsonObject>()
        .Any(wanted => wanted.Count > 0 && wanted.All(l => other.At("metadata", "labels", l.Key).Text() == l.Value.Text()));

    private async Task<List<(ApiResource, JsonObject)>> NamedAsync(string group, string kind, HashSet<string> names, CancellationToken cancellationToken) =>
        names.Count == 0 || !scope.Kinds.Selects(group, kind)
            ? []
            : [.. (await ListAsync(group, kind, cancellationToken)).Where(o => names.Contains(o.Body.At("metadata", "name").Text() ?? ""))];

    private async Task<List<(ApiResource, JsonObject)>> DefinitionsAsync(IReadOnlyList<ConfigObject> objects, CancellationToken cancellationToken)
    {
        var read = new List<(ApiResource, JsonObject)>();
        if (catalog.FindAny("apiextensions.k8s.io", "CustomResourceDefinition") is not { } definitions
            || !scope.Kinds.Selects(definitions.Group, definitions.Kind))
        {
            return read;
        }

        foreach (var (group, kind) in objects.Select(o => (o.Key.Group, o.Key.Kind)).Where(k => !BuiltIn.Contains(k.Group)).Distinct())
        {
            if (catalog.FindAny(group, kind) is not { } resource)
            {
                continue;
            }

            try
            {
                read.Add((definitions, await api.GetWholeAsync(definitions, null, $"{resource.Plural}.{group}", cancellationToken)));
            }
            catch (ClusterException e) when (e.IsNotFound)
            {
                // Of an aggregated server: it is no custom resource.
            }
            catch (ClusterException e) when (e.Status == HttpStatusCode.Forbidden || e.IsTransient)
            {
                problem(new Problem($"{ObjectKey.ClusterFolder}/{definitions.Kind}.{definitions.Group}/{resource.Plural}.{group}", e.Message));
            }
        }

        return read;
    }

    private async Task<List<(ApiResource, JsonObject)>> WebhooksAsync(string kind, CancellationToken cancellationToken) =>
        !scope.Kinds.Selects("admissionregistration.k8s.io", kind)
            ? []
            : [.. (await ListAsync("admissionregistration.k8s.io", kind, cancellationToken)).Where(o => o.Body.At("webhooks").Maps()
                .Any(w => scope.Namespaces.Contains(w.At("clientConfig", "service", "namespace").Text() ?? "")))];

    private async Task<IReadOnlyList<(ApiResource Resource, JsonObject Body)>> ListAsync(string group, string kind, CancellationToken cancellationToken)
    {
        if (catalog.FindAny(group, kind) is not { } resource)
        {
            return [];
        }

        try
        {
            return [.. (await api.ListWholeAsync(resource, null, null, cancellationToken)).Select(body => (resource, body))];
        }
        catch (ClusterException e) when (e.Status == HttpStatusCode.Forbidden || e.IsTransient)
        {
            problem(new Problem($"{ObjectKey.ClusterFolder}/{resource}", e.Message));
            return [];
        }
    }
}
