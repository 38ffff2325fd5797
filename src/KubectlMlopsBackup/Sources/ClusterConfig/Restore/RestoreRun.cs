using KubectlMlopsBackup.Cluster.Api;

namespace KubectlMlopsBackup.Sources.ClusterConfig.Restore;

/// <summary>One restore: which kinds the cluster has by now, and what became of an object.</summary>
/// <param name="objects">All that is to be applied.</param>
/// <param name="catalog">Which kinds the cluster has at the beginning.</param>
internal sealed class RestoreRun(ClusterApi api, ConfigRestoreOptions options, TimeProvider clock, IReadOnlyList<ConfigObject> objects, ApiCatalog catalog)
{
    private readonly ObjectApplier applier = new(api, options, clock);
    private ApiCatalog catalog = catalog;

    /// <returns>A failure for each that did not get ready in time.</returns>
    public async Task<IReadOnlyList<RestoredObject>> WaitForDefinitionsAsync(IReadOnlyList<ConfigObject> definitions, CancellationToken cancellationToken)
    {
        (catalog, var late) = await new DefinitionWait(api, clock).RunAsync(definitions, options.DefinitionPatience, cancellationToken);
        return
        [
            .. definitions.Where(d => late.Contains(d.Key.Name)).Select(d => Failed(
                d, $"it is not established after {options.DefinitionPatience.TotalSeconds:0} s", $"see its conditions: kubectl describe crd {d.Key.Name}")),
        ];
    }

    /// <exception cref="ClusterException">The API server does not answer.</exception>
    public async Task<RestoredObject> ApplyAsync(ConfigObject wanted, CancellationToken cancellationToken)
    {
        if (catalog.Find(wanted.ApiVersion, wanted.Key.Kind) is not { } resource)
        {
            return Unknown(wanted);
        }

        try
        {
            return await applier.ApplyAsync(wanted, resource, cancellationToken);
        }
        catch (ClusterException e) when (options.DryRun && e.IsNotFound && IsMade("", "Namespace", wanted.Key.Namespace))
        {
            return new RestoredObject(
                wanted.Key.ToString(), wanted.Key.Namespace, RestoreOrder.PhaseOf(wanted.Key), RestoreAction.Created,
                "not checked: its namespace is not there yet", null, wanted.ManagedBy);
        }
        catch (ClusterException e) when (e.Status is not null)
        {
            return Failed(wanted, e.Message, e.Fix);
        }
    }

    private RestoredObject Unknown(ConfigObject wanted)
    {
        if (options.DryRun && objects.Any(o => o.Key.Kind == "CustomResourceDefinition"
            && o.Body.At("spec", "group").Text() == wanted.Key.Group && o.Body.At("spec", "names", "kind").Text() == wanted.Key.Kind))
        {
            return new RestoredObject(
                wanted.Key.ToString(), wanted.Key.Namespace, RestoreOrder.PhaseOf(wanted.Key), RestoreAction.Created,
                "not checked: its definition is not there yet", null, wanted.ManagedBy);
        }

        return catalog.FindAny(wanted.Key.Group, wanted.Key.Kind) is { } other
            ? Failed(wanted, $"this cluster does not serve {wanted.ApiVersion}, but {other.ApiVersion}", "export it, write it for that version, and apply it by hand")
            : Failed(
                wanted,
                $"this cluster has no {wanted.Key.KindName} ({wanted.ApiVersion})",
                $"install what brings it, and restore again; or leave it out: --exclude {wanted.Key.KindName}");
    }

    private bool IsMade(string group, string kind, string? name) =>
        name is not null && objects.Any(o => o.Key.Group == group && o.Key.Kind == kind && o.Key.Name == name);

    private static RestoredObject Failed(ConfigObject wanted, string reason, string? fix) => new(
        wanted.Key.ToString(), wanted.Key.Namespace, RestoreOrder.PhaseOf(wanted.Key), RestoreAction.Failed, reason, fix, wanted.ManagedBy);
}
