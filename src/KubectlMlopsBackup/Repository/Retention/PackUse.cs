using KubectlMlopsBackup.Repository.Index;
using KubectlMlopsBackup.Repository.Reading;
using KubectlMlopsBackup.Repository.Snapshots;

namespace KubectlMlopsBackup.Repository.Retention;

/// <summary>How much of each pack the snapshots need.</summary>
internal sealed class PackUse
{
    private readonly HashSet<ChunkId> needed = [];
    private readonly Dictionary<ChunkId, long> liveBytes = [];

    private PackUse()
    {
    }

    public IReadOnlySet<ChunkId> Needed => needed;

    /// <summary>Frame bytes of a pack that are needed from it and from no other.</summary>
    public long LiveBytes(ChunkId pack) => liveBytes.GetValueOrDefault(pack);

    /// <exception cref="RepositoryDamagedException">A snapshot names a chunk that no index has: nothing may be deleted then.</exception>
    public static async Task<PackUse> OfAsync(
        BackupRepository repository,
        ChunkIndex index,
        IReadOnlyList<Snapshot> snapshots,
        CancellationToken cancellationToken)
    {
        var use = new PackUse();
        using var reader = new ChunkReader(repository, index);
        var trees = new TreeUse(reader, use.needed);
        foreach (var snapshot in snapshots)
        {
            await trees.AddAsync(snapshot, cancellationToken);
        }

        use.Locate(index);
        return use;
    }

    /// <summary>Anew, after chunks were copied to other packs.</summary>
    public void Locate(ChunkIndex index)
    {
        liveBytes.Clear();
        foreach (var id in needed)
        {
            if (!index.TryFind(id, out var location))
            {
                throw new RepositoryDamagedException("index/", $"chunk {id} is needed by a snapshot and is in no index");
            }

            var pack = index.PackOf(location).Id;
            liveBytes[pack] = liveBytes.GetValueOrDefault(pack) + location.FrameLength;
        }
    }
}
