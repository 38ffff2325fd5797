namespace KubectlMlopsBackup.Sources.ClusterConfig.Restore;

/// <summary>What became of one object.</summary>
/// <param name="Object">As kubectl names it.</param>
/// <param name="Namespace">Where it went; null for none.</param>
/// <param name="Reason">Why it was left out, failed or stayed; null otherwise.</param>
/// <param name="Fix">What to do about it; null where nothing, or nothing is known.</param>
/// <param name="ManagedBy">Who else looks after it and may change it back; null where nobody is named.</param>
/// <param name="Diff">Lines from what is there to what the snapshot has, where they differ; values of Secrets are hidden. Null where it was not compared.</param>
internal sealed record RestoredObject(
    string Object,
    string? Namespace,
    RestorePhase Phase,
    RestoreAction Action,
    string? Reason = null,
    string? Fix = null,
    string? ManagedBy = null,
    IReadOnlyList<string>? Diff = null)
{
    /// <summary>It is not as the snapshot wants it, and nobody meant it so.</summary>
    public bool IsMissing => Action == RestoreAction.Failed;
}
