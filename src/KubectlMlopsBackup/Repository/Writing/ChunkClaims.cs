using KubectlMlopsBackup.Repository.Index;

namespace KubectlMlopsBackup.Repository.Writing;

/// <summary>Decides which of several equal chunks is stored: the first that asks. Safe for concurrent use.</summary>
internal sealed class ChunkClaims(ChunkIndex index)
{
    private readonly Lock gate = new();
    private readonly HashSet<ChunkId> claimed = [];

    /// <returns>True once a chunk that the repository lacks: the caller must store it.</returns>
    public bool TryClaim(ChunkId id)
    {
        if (index.IsUsable(id))
        {
            return false;
        }

        lock (gate)
        {
            return claimed.Add(id);
        }
    }

    /// <summary>Whether a snapshot of this run may name the chunk.</summary>
    public bool Has(ChunkId id)
    {
        if (index.IsUsable(id))
        {
            return true;
        }

        lock (gate)
        {
            return claimed.Contains(id);
        }
    }
}
