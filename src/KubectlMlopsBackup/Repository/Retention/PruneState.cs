using KubectlMlopsBackup.Repository.Crypto;
using KubectlMlopsBackup.Repository.Index;
using KubectlMlopsBackup.Repository.Packs;
using KubectlMlopsBackup.Repository.Storage;

namespace KubectlMlopsBackup.Repository.Retention;

/// <summary>What a prune works on: all indexes, all marks, all packs that lie in the store.</summary>
internal sealed class PruneState
{
    private readonly IndexObjects objects;
    private readonly IReadOnlyDictionary<ChunkId, long> stored;

    private PruneState(ChunkIndex index, IndexObjects objects, IReadOnlyDictionary<ChunkId, long> stored)
    {
        Index = index;
        this.objects = objects;
        this.stored = stored;
    }

    public ChunkIndex Index { get; }

    public IReadOnlyList<(string Key, Mark Value)> Marks => objects.Marks;

    public IReadOnlySet<ChunkId> Marked => objects.Marked;

    public IReadOnlySet<ChunkId> MarkedOrphans => objects.MarkedOrphans;

    public int IndexCount => objects.Keys.Count;

    public long StoredBytes => stored.Values.Sum();

    /// <param name="alsoMarked">Packs to treat as if they were marked.</param>
    /// <exception cref="UserError">An index or a mark is damaged.</exception>
    public static async Task<PruneState> LoadAsync(
        BackupRepository repository, CancellationToken cancellationToken, IReadOnlySet<ChunkId>? alsoMarked = null)
    {
        // Packs before indexes: a pack that is listed and has no index yet is of a running backup, and only marked.
        var stored = new Dictionary<ChunkId, long>();
        await foreach (var found in repository.Store.ListAsync(PackKey.Prefix, cancellationToken))
        {
            if (PackKey.TryParse(found.Key, out var id))
            {
                stored[id] = found.Size;
            }
        }

        var objects = await IndexObjects.LoadAsync(repository, cancellationToken);
        if (objects.DamagedMarks.Concat(objects.DamagedIndexes).FirstOrDefault() is { } damage)
        {
            throw new UserError(
                $"{repository.Location} is damaged ({damage.Message}); nothing is deleted from a damaged repository",
                "see what is hurt with: kubectl mlopsbackup verify data",
                ExitCode.CheckFailed,
                damage);
        }

        var index = new ChunkIndex();
        foreach (var pack in objects.Packs)
        {
            index.Add(pack, objects.Marked.Contains(pack.Id) || alsoMarked?.Contains(pack.Id) == true);
        }

        return new PruneState(index, objects, stored);
    }

    /// <summary>
    /// Packs of whose chunks less than a share is needed, but something is. Not of their size: a small pack is mostly
    /// directory, and would be written anew each time.
    /// </summary>
    public IReadOnlySet<ChunkId> PoorPacks(PackUse use, double below) =>
        Index.Packs
            .Where(p => !p.Marked && use.LiveBytes(p.Id) is > 0 and var live && live < p.FrameBytes * below)
            .Select(p => p.Id)
            .ToHashSet();

    /// <summary>Packs that an index names and no snapshot needs.</summary>
    public IReadOnlyList<PackSummary> UnusedPacks(PackUse use) =>
        [.. Index.Packs.Where(p => use.LiveBytes(p.Id) == 0 && stored.ContainsKey(p.Id))];

    /// <summary>Packs that no index names: of a run that was cut off, or of one at work.</summary>
    public IReadOnlyList<PackSummary> Orphans() =>
        [.. stored
            .Where(s => !Index.HasPack(s.Key))
            .Select(s => new PackSummary(s.Key, ObjectKind.DataPack, [], s.Value, 0, 0, Marked: false))];

    /// <summary>Puts one index in the place of all that were loaded, without some packs. Others that came since are left alone.</summary>
    /// <returns>How many of the old ones the store would not let go.</returns>
    public async Task<int> WriteIndexWithoutAsync(
        BackupRepository repository, IReadOnlySet<ChunkId> gone, CancellationToken cancellationToken)
    {
        var rest = objects.Packs.Where(p => !gone.Contains(p.Id)).ToList();
        string? written = null;
        if (rest.Count > 0)
        {
            var bytes = SmallObject.Encode(
                new WritingSession(repository.Secrets), ObjectKind.Index, IndexFile.Write(rest));
            written = ObjectName.Of(IndexFile.Prefix, bytes);
            await repository.Store.PutAsync(written, bytes, cancellationToken);
        }

        var retained = 0;
        foreach (var key in objects.Keys.Where(k => k != written))
        {
            retained += await repository.Store.DeleteAsync(key, cancellationToken) == DeleteOutcome.Retained ? 1 : 0;
        }

        return retained;
    }
}
