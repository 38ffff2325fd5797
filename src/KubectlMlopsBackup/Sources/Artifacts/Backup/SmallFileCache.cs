using KubectlMlopsBackup.Repository;
using KubectlMlopsBackup.Repository.Trees;

namespace KubectlMlopsBackup.Sources.Artifacts.Backup;

/// <summary>
/// Remembers where small files lie, by their hash, so that the same <c>conda.yaml</c> of a thousand runs is
/// stored once. Of fixed size (10 MB): a newer file takes the place of an older one. Safe for concurrent use.
/// </summary>
internal sealed class SmallFileCache
{
    private const int Slots = 1 << 17;

    private readonly (ChunkId Hash, Segment Where)[] slots = new (ChunkId, Segment)[Slots];
    private readonly Lock[] gates = [.. Enumerable.Range(0, 64).Select(_ => new Lock())];

    public void Add(ChunkId hash, Segment where)
    {
        var slot = SlotOf(hash);
        lock (gates[slot % gates.Length])
        {
            slots[slot] = (hash, where);
        }
    }

    public bool TryFind(ChunkId hash, out Segment where)
    {
        var slot = SlotOf(hash);
        lock (gates[slot % gates.Length])
        {
            where = slots[slot].Where;
            return slots[slot].Hash == hash;
        }
    }

    private static int SlotOf(ChunkId hash) => hash.GetHashCode() & (Slots - 1);
}
