namespace KubectlMlopsBackup.Repository.Snapshots;

/// <summary>Something that a backup had to leave out.</summary>
/// <param name="Path">Escaped as in a tree.</param>
/// <param name="Reason">In words.</param>
internal sealed record Problem(string Path, string Reason);
