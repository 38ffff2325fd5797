using System.Collections.Concurrent;
using System.Net;
using System.Text.Json.Nodes;
using KubectlMlopsBackup.Cluster.Api;
using KubectlMlopsBackup.Repository.Snapshots;
using KubectlMlopsBackup.Sources.ClusterConfig.Restore;

namespace KubectlMlopsBackup.Sources.ClusterConfig;

/// <summary>
/// Reads the configuration of namespaces, and what they need from outside them. Only reads; what the caller may not read is a problem, told by name.
/// </summary>
/// <param name="found">Told of how many objects were found since the last time; null for nobody.</param>
internal sealed class ConfigCollector(ClusterApi api, ConfigScope scope, Action<int>? found = null)
{
    /// <summary>Lists at once: a cluster has some 60 kinds, and half of them are empty.</summary>
    private const int AtOnce = 8;

    private readonly ConcurrentBag<Problem> problems = [];
    private readonly ConcurrentDictionary<string, int> leftOut = new(StringComparer.Ordinal);

    /// <exception cref="UserError">A namespace is not there.</exception>
    /// <exception cref="ClusterException">The API server does not answer, or does not say which kinds it has.</exception>
    public async Task<CollectedConfig> RunAsync(CancellationToken cancellationToken)
    {
        var version = VersionAsync(cancellationToken);
        var catalog = await ApiCatalog.ReadAsync(api, cancellationToken);
        foreach (var group in catalog.Missing)
        {
            problems.Add(new Problem(group, "the server of this group does not answer: its kinds are not known"));
        }

        var objects = new Dictionary<ObjectKey, ConfigObject>();
        var live = await NamespacesAsync(cancellationToken);
        live.AddRange(await NamespacedAsync(catalog, cancellationToken));
        foreach (var one in Triaged(live))
        {
            objects.TryAdd(one.Key, one);
        }

        var outside = new ClusterNeeds(api, catalog, scope, problems.Add);
        foreach (var (resource, body) in await outside.ReadAsync([.. objects.Values], cancellationToken))
        {
            if (scope.Kinds.Selects(resource.Group, resource.Kind))
            {
                var one = Object(resource, body);
                objects.TryAdd(one.Key, one);
            }
        }

        var sorted = objects.Values.OrderBy(o => o.Key.Path, StringComparer.Ordinal).ToList();
        return new CollectedConfig(sorted, Summary(sorted, await version), [.. problems.OrderBy(p => p.Path, StringComparer.Ordinal)]);
    }

    private async Task<List<(ApiResource Resource, JsonObject Body)>> NamespacesAsync(CancellationToken cancellationToken)
    {
        var read = new List<(ApiResource, JsonObject)>();
        foreach (var ns in scope.Namespaces)
        {
            try
            {
                read.Add((ApiResource.Namespaces, await api.GetWholeAsync(ApiResource.Namespaces, null, ns, cancellationToken)));
            }
            catch (ClusterException e) when (e.IsNotFound)
            {
                throw new UserError(
                    $"there is no namespace {ns}", "name the platform's namespace with -n, or in the plan as spec.config.namespaces", ExitCode.Usage, e);
            }
            catch (ClusterException e) when (e.Status == HttpStatusCode.Forbidden)
            {
                problems.Add(new Problem($"{ObjectKey.ClusterFolder}/Namespace/{ns}", e.Message));
            }
        }

        return read;
    }

    private async Task<List<(ApiResource Resource, JsonObject Body)>> NamespacedAsync(ApiCatalog catalog, CancellationToken cancellationToken)
    {
        var lists = catalog.Preferred
            .Where(k => k.Resource.Namespaced && ObjectTriage.IsKept(k) && IsMeant(k.Resource))
            .SelectMany(k => scope.Namespaces.Select(ns => (k.Resource, Namespace: ns)))
            .ToList();
        var read = new IReadOnlyList<JsonObject>[lists.Count];
        await Parallel.ForAsync(0, lists.Count, new ParallelOptions { MaxDegreeOfParallelism = AtOnce, CancellationToken = cancellationToken }, async (i, stop) =>
        {
            read[i] = await ListAsync(lists[i].Resource, lists[i].Namespace, stop);
            found?.Invoke(read[i].Count);
        });

        return [.. lists.SelectMany((list, i) => read[i].Select(body => (list.Resource, body)))];
    }

    /// <summary>Services are looked at even where they are not meant: Endpoints are judged by them.</summary>
    private bool IsMeant(ApiResource resource) =>
        (scope.Kinds.Selects(resource.Group, resource.Kind) || resource == ApiResource.Services)
        && !(scope.Secrets == SecretsMode.None && resource is { Group: "", Kind: "Secret" });

    private async Task<IReadOnlyList<JsonObject>> ListAsync(ApiResource resource, string ns, CancellationToken cancellationToken)
    {
        try
        {
            return await api.ListWholeAsync(resource, ns, scope.Selector, cancellationToken);
        }
        catch (ClusterException e) when (e.Status is HttpStatusCode.NotFound or HttpStatusCode.MethodNotAllowed)
        {
            // Its definition was deleted a moment ago, or it cannot be listed in a namespace.
            return [];
        }
        catch (ClusterException e) when (e.Status == HttpStatusCode.Forbidden || e.IsTransient)
        {
            problems.Add(new Problem($"{ns}/{resource}", e.Message));
            return [];
        }
    }

    private IEnumerable<ConfigObject> Triaged(List<(ApiResource Resource, JsonObject Body)> live)
    {
        var selected = live
            .Where(o => o.Resource == ApiResource.Services && o.Body.Map("spec", "selector") is { Count: > 0 })
            .ToLookup(o => o.Body.At("metadata", "namespace").Text(), o => o.Body.At("metadata", "name").Text() ?? "");
        var byNamespace = scope.Namespaces.ToDictionary(ns => ns, ns => selected[ns].ToHashSet(StringComparer.Ordinal));
        foreach (var (resource, body) in live)
        {
            if (!scope.Kinds.Selects(resource.Group, resource.Kind))
            {
                continue;
            }

            var key = KeyOf(resource, body);
            if (ObjectTriage.WhyNot(key, body, byNamespace.GetValueOrDefault(key.Namespace ?? "", [])) is { } reason)
            {
                leftOut.AddOrUpdate(reason, 1, (_, count) => count + 1);
            }
            else
            {
                yield return Object(resource, body);
            }
        }
    }

    private ConfigObject Object(ApiResource resource, JsonObject body)
    {
        // Lists leave these two out.
        body["apiVersion"] = resource.ApiVersion;
        body["kind"] = resource.Kind;
        var key = KeyOf(resource, body);
        var clean = ObjectCleaner.Clean(key, body);
        WorkloadHold.Undo(key, clean);
        if (key is { Group: "", Kind: "Secret" } && scope.Secrets == SecretsMode.NamesOnly)
        {
            SecretNames.Strip(clean);
        }

        return new ConfigObject(key, clean);
    }

    private static ObjectKey KeyOf(ApiResource resource, JsonObject body) => new(
        resource.Group, resource.Kind, resource.Namespaced ? body.At("metadata", "namespace").Text() : null, body.At("metadata", "name").Text() ?? "");

    private ConfigSummary Summary(List<ConfigObject> objects, string? version) => new(
        version,
        scope.Namespaces,
        scope.Secrets,
        scope.Selector,
        Counted(objects.Select(o => o.Key.KindName)),
        Counted(objects.Select(o => o.ManagedBy).OfType<string>()),
        new SortedDictionary<string, int>(leftOut, StringComparer.Ordinal));

    private static SortedDictionary<string, int> Counted(IEnumerable<string> names) =>
        new(names.CountBy(n => n).ToDictionary(), StringComparer.Ordinal);

    private async Task<string?> VersionAsync(CancellationToken cancellationToken)
    {
        try
        {
            return (await api.DiscoverAsync("version", null, cancellationToken)).Text("gitVersion");
        }
        catch (ClusterException)
        {
            // It is only told; what matters is asked for next.
            return null;
        }
    }
}
