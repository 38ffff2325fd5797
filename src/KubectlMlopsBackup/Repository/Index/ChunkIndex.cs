using System.Runtime.InteropServices;
using KubectlMlopsBackup.Repository.Crypto;
using KubectlMlopsBackup.Repository.Packs;

namespace KubectlMlopsBackup.Repository.Index;

/// <summary>
/// Which chunk lies in which pack, in memory: 64 bytes a chunk, so 64 MiB for a terabyte of large files.
/// Filled by one thread, then read by many.
/// </summary>
internal sealed class ChunkIndex
{
    private readonly Dictionary<ChunkId, ChunkLocation> chunks = [];
    private readonly List<PackSummary> packs = [];
    private readonly Dictionary<ChunkId, int> packNumbers = [];
    private readonly Dictionary<ChunkId, List<ChunkLocation>> others = [];

    public int ChunkCount => chunks.Count;

    public IReadOnlyList<PackSummary> Packs => packs;

    public IEnumerable<KeyValuePair<ChunkId, ChunkLocation>> Chunks => chunks;

    /// <summary>Takes in a pack. One that is known already changes nothing.</summary>
    /// <param name="pack">The pack.</param>
    /// <param name="marked">Prune may delete it soon: used only where no other pack has the chunk.</param>
    public void Add(PackInfo pack, bool marked)
    {
        if (!packNumbers.TryAdd(pack.Id, packs.Count))
        {
            return;
        }

        var number = packs.Count;
        var frames = pack.Chunks.Sum(c => (long)c.FrameLength);
        packs.Add(new PackSummary(pack.Id, pack.Kind, pack.Salt, pack.Size, pack.Chunks.Count, frames, marked));
        chunks.EnsureCapacity(chunks.Count + pack.Chunks.Count);
        var offset = ObjectHeader.Size;
        foreach (var chunk in pack.Chunks)
        {
            ref var location = ref CollectionsMarshal.GetValueRefOrAddDefault(chunks, chunk.Id, out var known);
            var here = new ChunkLocation(number, offset, chunk);
            offset += chunk.FrameLength;
            if (!known)
            {
                location = here;
                continue;
            }

            var better = packs[location.Pack].Marked && !marked;
            AddOther(chunk.Id, better ? location : here);
            location = better ? here : location;
        }
    }

    /// <summary>Further packs that hold the chunk, after the one that is found first; mostly none.</summary>
    public IReadOnlyList<ChunkLocation> OthersOf(ChunkId id) => others.TryGetValue(id, out var found) ? found : [];

    public bool TryFind(ChunkId id, out ChunkLocation location) => chunks.TryGetValue(id, out location);

    public bool HasPack(ChunkId pack) => packNumbers.ContainsKey(pack);

    public PackSummary PackOf(in ChunkLocation location) => packs[location.Pack];

    /// <summary>Whether the chunk may be referenced by a new snapshot: known, and in a pack that stays.</summary>
    public bool IsUsable(ChunkId id) => chunks.TryGetValue(id, out var location) && !packs[location.Pack].Marked;

    private void AddOther(ChunkId id, ChunkLocation location)
    {
        if (!others.TryGetValue(id, out var list))
        {
            others.Add(id, list = []);
        }

        list.Add(location);
    }
}
