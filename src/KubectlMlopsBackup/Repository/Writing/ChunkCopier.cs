using KubectlMlopsBackup.Repository.Index;
using KubectlMlopsBackup.Repository.Reading;

namespace KubectlMlopsBackup.Repository.Writing;

/// <summary>Copies chunks into new packs, proving each on the way. Also how a mirror fetches them.</summary>
internal static class ChunkCopier
{
    /// <summary>All of it, until it is durable.</summary>
    /// <param name="reader">Where they are.</param>
    /// <param name="writer">Where they go; it skips those it has.</param>
    /// <param name="chunks">Which.</param>
    /// <param name="cancellationToken">Stops it.</param>
    public static async Task RunAsync(
        ChunkReader reader, RepositoryWriter writer, IAsyncEnumerable<ChunkId> chunks, CancellationToken cancellationToken)
    {
        try
        {
            await CopyAsync(reader, writer, chunks, cancellationToken);
            await writer.FinishAsync();
        }
        catch (Exception e) when (writer.Cause(e) != e)
        {
            throw writer.Cause(e);
        }
    }

    private static async Task CopyAsync(
        ChunkReader reader, RepositoryWriter writer, IAsyncEnumerable<ChunkId> chunks, CancellationToken cancellationToken)
    {
        // Of the largest chunk there: bundles, and chunks of a repository with other sizes, may not fit the writer's own.
        var atOnce = Math.Clamp(reader.Parallelism, 2, 8);
        var largest = reader.Index.Chunks.Select(c => c.Value.Length).DefaultIfEmpty().Max();
        var slabs = new SlabPool(atOnce * 2, largest);
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, writer.Stopping);
        await Parallel.ForEachAsync(
            chunks,
            new ParallelOptions
            {
                MaxDegreeOfParallelism = atOnce,
                CancellationToken = stop.Token,
            },
            async (id, token) => await CopyAsync(reader, writer, slabs, id, token));
    }

    private static async ValueTask CopyAsync(
        ChunkReader reader, RepositoryWriter writer, SlabPool slabs, ChunkId id, CancellationToken cancellationToken)
    {
        if (writer.Has(id))
        {
            return;
        }

        using var chunk = await reader.ReadAsync(id, cancellationToken);
        reader.Index.TryFind(id, out var location);
        var kind = reader.Index.PackOf(location).Kind;
        var slab = await slabs.RentAsync(cancellationToken);
        chunk.Content.CopyTo(slab.Buffer);
        var job = new ChunkJob(slab, 0, chunk.Content.Length, kind, NoTarget.Instance, 0)
        {
            // What was compressed before is worth compressing again, whatever a trial of its middle says.
            IsBundle = location.Encoding == Packs.ChunkEncoding.Zstd,
        };
        try
        {
            await writer.EnqueueAsync(job);
        }
        catch
        {
            slab.Release();
            throw;
        }
    }

    private sealed class NoTarget : IChunkTarget
    {
        public static NoTarget Instance { get; } = new();

        public void Stored(int ticket, ChunkId id, int length)
        {
        }
    }
}
