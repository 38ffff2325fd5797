using KubectlMlopsBackup.Repository;
using KubectlMlopsBackup.Repository.Reading;

namespace KubectlMlopsBackup.Sources.Artifacts.Restore;

/// <summary>The last few chunks that one worker read: neighbours in a tree share bundles. For one thread.</summary>
internal sealed class ChunkMemory(ChunkReader reader) : IDisposable
{
    private const int Capacity = 4;

    private readonly List<(ChunkId Id, RentedChunk Chunk)> recent = [];

    /// <summary>Valid until three other chunks were asked for.</summary>
    public async ValueTask<ReadOnlyMemory<byte>> ReadAsync(ChunkId id, CancellationToken cancellationToken)
    {
        var index = recent.FindIndex(r => r.Id == id);
        if (index >= 0)
        {
            var hit = recent[index];
            recent.RemoveAt(index);
            recent.Add(hit);
            return hit.Chunk.Content;
        }

        var chunk = await reader.ReadAsync(id, cancellationToken);
        if (recent.Count == Capacity)
        {
            recent[0].Chunk.Dispose();
            recent.RemoveAt(0);
        }

        recent.Add((id, chunk));
        return chunk.Content;
    }

    public void Dispose() => recent.ForEach(r => r.Chunk.Dispose());
}
