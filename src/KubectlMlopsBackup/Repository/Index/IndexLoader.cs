namespace KubectlMlopsBackup.Repository.Index;

/// <summary>Reads every index object of a repository.</summary>
internal static class IndexLoader
{
    /// <summary>
    /// A damaged index does not stop it: a backup then stores some chunks again, which is better than no backup.
    /// </summary>
    public static async Task<LoadedIndex> LoadAsync(BackupRepository repository, CancellationToken cancellationToken)
    {
        var objects = await IndexObjects.LoadAsync(repository, cancellationToken);
        var index = new ChunkIndex();
        foreach (var pack in objects.Packs)
        {
            index.Add(pack, objects.Marked.Contains(pack.Id));
        }

        return new LoadedIndex(index, objects.Keys, [.. objects.DamagedMarks, .. objects.DamagedIndexes]);
    }
}
