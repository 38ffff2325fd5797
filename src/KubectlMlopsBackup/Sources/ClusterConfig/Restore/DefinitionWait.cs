using KubectlMlopsBackup.Cluster.Api;

namespace KubectlMlopsBackup.Sources.ClusterConfig.Restore;

/// <summary>Waits until the cluster serves the kinds of definitions that were just made.</summary>
internal sealed class DefinitionWait(ClusterApi api, TimeProvider clock)
{
    private static readonly TimeSpan Look = TimeSpan.FromMilliseconds(250);

    /// <param name="definitions">Of custom resources, as they were applied.</param>
    /// <returns>Which kinds there are now, and the names of definitions that did not get ready in time.</returns>
    /// <exception cref="ClusterException">The API server does not answer.</exception>
    public async Task<(ApiCatalog Catalog, IReadOnlyList<string> Late)> RunAsync(
        IReadOnlyList<ConfigObject> definitions, TimeSpan patience, CancellationToken cancellationToken)
    {
        var began = clock.GetTimestamp();
        while (true)
        {
            var catalog = await ApiCatalog.ReadAsync(api, cancellationToken);
            var late = definitions.Where(d => !IsServed(catalog, d)).Select(d => d.Key.Name).ToList();
            if (late.Count == 0 || clock.GetElapsedTime(began) > patience)
            {
                return (catalog, late);
            }

            await Task.Delay(Look, clock, cancellationToken);
        }
    }

    /// <summary>A kind is in the discovery once its definition is established.</summary>
    private static bool IsServed(ApiCatalog catalog, ConfigObject definition) =>
        definition.Body.At("spec", "group").Text() is { } group
        && definition.Body.At("spec", "names", "kind").Text() is { } kind
        && catalog.Kinds.Any(k => k.Resource.Group == group && k.Resource.Kind == kind);
}
