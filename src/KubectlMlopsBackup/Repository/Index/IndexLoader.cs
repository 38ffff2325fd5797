using KubectlMlopsBackup.Repository.Crypto;
using KubectlMlopsBackup.Repository.Retention;
using KubectlMlopsBackup.Repository.Storage;

namespace KubectlMlopsBackup.Repository.Index;

/// <summary>Reads every index object of a repository.</summary>
internal static class IndexLoader
{
    /// <summary>
    /// A damaged index does not stop it: a backup then stores some chunks again, which is better than no backup.
    /// </summary>
    public static async Task<LoadedIndex> LoadAsync(BackupRepository repository, CancellationToken cancellationToken)
    {
        var marks = await ObjectReader.ReadAllAsync(
            repository,
            Mark.Prefix,
            ObjectKind.Mark,
            Mark.MaxSize,
            (bytes, key) => ObjectReader.Json(bytes, key, RepositoryJson.Default.Mark),
            cancellationToken);
        var marked = marks.Found.SelectMany(m => m.Value.Packs).ToHashSet(StringComparer.Ordinal);
        while (true)
        {
            var files = await ObjectReader.ReadAllAsync(
                repository,
                IndexFile.Prefix,
                ObjectKind.Index,
                SmallObject.MaxSize,
                (bytes, key) => IndexFile.Read(bytes, key, repository.Config.Encrypted).ToList(),
                cancellationToken);
            if (files.Vanished > 0)
            {
                // Prune has put one index in the place of several; the new one was not in the list yet.
                continue;
            }

            var index = new ChunkIndex();
            foreach (var pack in files.Found.SelectMany(f => f.Value))
            {
                index.Add(pack, marked.Contains(pack.Id.ToString()));
            }

            return new LoadedIndex(index, [.. files.Found.Select(f => f.Key)], [.. marks.Damaged, .. files.Damaged]);
        }
    }
}
