namespace KubectlMlopsBackup.Repository.Index;

/// <param name="Index">All that could be read.</param>
/// <param name="Keys">The index objects it came from.</param>
/// <param name="Damaged">Index and mark objects that could not be read, and why.</param>
internal sealed record LoadedIndex(
    ChunkIndex Index, IReadOnlyList<string> Keys, IReadOnlyList<RepositoryDamagedException> Damaged);
