using KubectlMlopsBackup.Repository.Crypto;
using KubectlMlopsBackup.Repository.Packs;
using KubectlMlopsBackup.Repository.Retention;

namespace KubectlMlopsBackup.Repository.Index;

/// <summary>Every mark and every index of a repository, and what of them is damaged.</summary>
internal sealed record IndexObjects
{
    public required IReadOnlyList<(string Key, Mark Value)> Marks { get; init; }

    public required IReadOnlyList<RepositoryDamagedException> DamagedMarks { get; init; }

    /// <summary>Keys of the indexes that could be read.</summary>
    public required IReadOnlyList<string> Keys { get; init; }

    public required IReadOnlyList<RepositoryDamagedException> DamagedIndexes { get; init; }

    /// <summary>What the indexes say, each pack once.</summary>
    public required IReadOnlyList<PackInfo> Packs { get; init; }

    /// <summary>Packs that prune has marked for deletion.</summary>
    public required IReadOnlySet<ChunkId> Marked { get; init; }

    /// <summary>Packs that had no index when prune marked them.</summary>
    public required IReadOnlySet<ChunkId> MarkedOrphans { get; init; }

    /// <summary>Marks first: from when it read them, a backup has the grace period to itself (docs/repository-format.md).</summary>
    public static async Task<IndexObjects> LoadAsync(BackupRepository repository, CancellationToken cancellationToken)
    {
        var marks = await ObjectReader.ReadAllAsync(
            repository,
            Mark.Prefix,
            ObjectKind.Mark,
            Mark.MaxSize,
            (bytes, key) => ObjectReader.Json(bytes, key, RepositoryJson.Default.Mark),
            cancellationToken);
        var indexes = await ReadIndexesAsync(repository, cancellationToken);
        return new IndexObjects
        {
            Marks = marks.Found,
            DamagedMarks = marks.Damaged,
            Keys = [.. indexes.Found.Select(f => f.Key)],
            DamagedIndexes = indexes.Damaged,
            Packs = [.. indexes.Found.SelectMany(f => f.Value).DistinctBy(p => p.Id)],
            Marked = Parse(marks.Found.SelectMany(m => m.Value.Packs)),
            MarkedOrphans = Parse(marks.Found.SelectMany(m => m.Value.Orphans)),
        };
    }

    private static async Task<ObjectReader.Result<List<PackInfo>>> ReadIndexesAsync(
        BackupRepository repository, CancellationToken cancellationToken)
    {
        while (true)
        {
            var indexes = await ObjectReader.ReadAllAsync(
                repository,
                IndexFile.Prefix,
                ObjectKind.Index,
                SmallObject.MaxSize,
                (bytes, key) => IndexFile.Read(bytes, key, repository.Config.Encrypted).ToList(),
                cancellationToken);
            if (indexes.Vanished == 0)
            {
                return indexes;
            }

            // Prune has put one index in the place of several; the new one was not in the list yet.
        }
    }

    private static HashSet<ChunkId> Parse(IEnumerable<string> packs) =>
        [.. packs.Select(hex => ChunkId.TryParse(hex, out var id) ? id : default).Where(id => id != default)];
}
