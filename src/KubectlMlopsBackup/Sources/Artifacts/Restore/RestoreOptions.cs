namespace KubectlMlopsBackup.Sources.Artifacts.Restore;

internal sealed record RestoreOptions
{
    public PathFilter Filter { get; init; } = PathFilter.Everything;

    /// <summary>Delete what the snapshot does not have (within the filter).</summary>
    public bool Delete { get; init; }

    /// <summary>Compare what is there with the snapshot, by content, and write nothing.</summary>
    public bool DryRun { get; init; }

    /// <summary>Leave owners as the file system makes them.</summary>
    public bool NoOwner { get; init; }
}
