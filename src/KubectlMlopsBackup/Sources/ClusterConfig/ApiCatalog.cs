using System.Text.Json.Nodes;
using KubectlMlopsBackup.Cluster.Api;

namespace KubectlMlopsBackup.Sources.ClusterConfig;

/// <summary>Which kinds an API server has. Two requests where it can tell all at once (Kubernetes 1.27 and later), else one a version of a group.</summary>
internal sealed class ApiCatalog
{
    private const string Aggregated =
        "application/json;g=apidiscovery.k8s.io;v=v2;as=APIGroupDiscoveryList,application/json;g=apidiscovery.k8s.io;v=v2beta1;as=APIGroupDiscoveryList,application/json";

    /// <summary>Requests at once, where one a version is needed.</summary>
    private const int AtOnce = 8;

    private ApiCatalog(IReadOnlyList<ApiKind> kinds, IReadOnlyList<string> missing)
    {
        Kinds = kinds;
        Missing = missing;
    }

    /// <summary>All, each group's preferred version first.</summary>
    public IReadOnlyList<ApiKind> Kinds { get; }

    /// <summary>Groups whose own server does not answer, as <c>group/version</c>: their kinds are not known.</summary>
    public IReadOnlyList<string> Missing { get; }

    /// <summary>Every kind once, in the version that its group prefers.</summary>
    public IEnumerable<ApiKind> Preferred => Kinds.DistinctBy(k => (k.Resource.Group, k.Resource.Kind));

    /// <exception cref="ClusterException">Refused, or no answer.</exception>
    public static async Task<ApiCatalog> ReadAsync(ClusterApi api, CancellationToken cancellationToken)
    {
        var answers = await Task.WhenAll(
            api.DiscoverAsync("api", Aggregated, cancellationToken), api.DiscoverAsync("apis", Aggregated, cancellationToken));
        return Array.TrueForAll(answers, a => a.Text("kind") == "APIGroupDiscoveryList")
            ? Of(answers)
            : await ReadOneByOneAsync(api, answers[1], cancellationToken);
    }

    /// <param name="answers">Of <c>/api</c> and <c>/apis</c>.</param>
    public static ApiCatalog Of(params ReadOnlySpan<JsonObject> answers)
    {
        var kinds = new List<ApiKind>();
        var missing = new List<string>();
        foreach (var answer in answers)
        {
            foreach (var group in answer.At("items").Maps())
            {
                var name = group.At("metadata", "name").Text() ?? "";
                foreach (var version in group.At("versions").Maps())
                {
                    var number = version.Text("version") ?? "";
                    if (version.Text("freshness") == "Stale")
                    {
                        missing.Add($"{name}/{number}");
                    }

                    kinds.AddRange(version.At("resources").Maps().Select(r => new ApiKind(
                        new ApiResource(
                            name, number, r.Text("resource") ?? "", r.At("responseKind", "kind").Text() ?? "", r.Text("scope") == "Namespaced"),
                        [.. r.At("verbs").Texts()])));
                }
            }
        }

        return new ApiCatalog(kinds, missing);
    }

    /// <returns>Null where the server does not have it in that version.</returns>
    public ApiResource? Find(string apiVersion, string kind) =>
        Kinds.FirstOrDefault(k => k.Resource.Kind == kind && k.Resource.ApiVersion == apiVersion && k.IsKept)?.Resource;

    /// <returns>In the version that its group prefers; null where the server does not have it.</returns>
    public ApiResource? FindAny(string group, string kind) =>
        Kinds.FirstOrDefault(k => k.Resource.Kind == kind && k.Resource.Group == group && k.IsKept)?.Resource;

    private static async Task<ApiCatalog> ReadOneByOneAsync(ClusterApi api, JsonObject groups, CancellationToken cancellationToken)
    {
        var versions = new List<(string Group, string Version)> { ("", "v1") };
        foreach (var group in groups.At("groups").Maps())
        {
            var preferred = group.At("preferredVersion", "version").Text();
            versions.AddRange(group.At("versions").Maps()
                .Select(v => v.Text("version") ?? "")
                .OrderByDescending(v => v == preferred)
                .Select(v => (group.Text("name") ?? "", v)));
        }

        var found = new IReadOnlyList<ApiKind>?[versions.Count];
        await Parallel.ForAsync(0, versions.Count, new ParallelOptions { MaxDegreeOfParallelism = AtOnce, CancellationToken = cancellationToken }, async (i, stop) =>
        {
            var (group, version) = versions[i];
            try
            {
                var answer = await api.DiscoverAsync(group.Length == 0 ? $"api/{version}" : $"apis/{group}/{version}", null, stop);
                found[i] =
                [
                    .. answer.At("resources").Maps()
                        .Where(r => r.Text("name")?.Contains('/', StringComparison.Ordinal) == false)
                        .Select(r => new ApiKind(
                            new ApiResource(group, version, r.Text("name")!, r.Text("kind") ?? "", r.At("namespaced").IsTrue()), [.. r.At("verbs").Texts()])),
                ];
            }
            catch (ClusterException e) when (e.Status is { } status && ((int)status >= 500 || e.IsNotFound))
            {
                // Of a server that stands behind this one: told as missing.
            }
        });

        return new ApiCatalog(
            [.. found.OfType<IReadOnlyList<ApiKind>>().SelectMany(k => k)],
            [.. versions.Where((_, i) => found[i] is null).Select(v => $"{v.Group}/{v.Version}")]);
    }
}
