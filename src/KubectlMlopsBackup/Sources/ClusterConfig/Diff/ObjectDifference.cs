namespace KubectlMlopsBackup.Sources.ClusterConfig.Diff;

/// <summary>An object that is not the same in two snapshots.</summary>
/// <param name="Object">As kubectl names it.</param>
/// <param name="Namespace">Null for what is in none.</param>
/// <param name="Change"><see cref="Added"/>, <see cref="Removed"/> or <see cref="Changed"/>.</param>
/// <param name="Diff">The lines that differ, and a few around them; values of Secrets are hidden.</param>
internal sealed record ObjectDifference(string Object, string? Namespace, string Change, IReadOnlyList<string> Diff)
{
    public const string Added = "added";
    public const string Removed = "removed";
    public const string Changed = "changed";
}
