namespace KubectlMlopsBackup.Sources.ClusterConfig.Restore;

/// <summary>What a restore of the configuration did, object by object, in the order in which it was done.</summary>
/// <param name="Review">What a person should look at.</param>
internal sealed record ConfigRestoreReport(bool DryRun, IReadOnlyList<RestoredObject> Objects, IReadOnlyList<ReviewNote> Review)
{
    /// <summary>Something could not be applied.</summary>
    public bool Incomplete => Objects.Any(o => o.IsMissing);

    public int Count(RestoreAction action) => Objects.Count(o => o.Action == action);

    /// <summary>Two calls for different steps as one.</summary>
    public ConfigRestoreReport Then(ConfigRestoreReport next) =>
        new(DryRun, [.. Objects, .. next.Objects], [.. Review.Union(next.Review)]);
}
