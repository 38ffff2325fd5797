namespace KubectlMlopsBackup.Repository.Snapshots;

/// <param name="Chunks">The tree's stream, in order: SHA-256 in hex.</param>
/// <param name="Entries">Entries in it.</param>
internal sealed record TreeRef(IReadOnlyList<string> Chunks, long Entries);
