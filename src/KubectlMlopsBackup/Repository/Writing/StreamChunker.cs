using KubectlMlopsBackup.Repository.Chunking;
using KubectlMlopsBackup.Repository.Crypto;

namespace KubectlMlopsBackup.Repository.Writing;

/// <summary>Cuts a stream into chunks and hands them to the pipeline, with one copy at most of what crosses a slab's end.</summary>
internal sealed class StreamChunker(RepositoryWriter writer, Chunker chunker, SlabPool slabs, ObjectKind kind)
{
    /// <param name="read">Fills the start of the buffer; 0 is the end.</param>
    /// <param name="target">Gets a segment for each chunk, in order, before it is queued.</param>
    /// <returns>Bytes read.</returns>
    public async ValueTask<long> RunAsync(Func<Memory<byte>, ValueTask<int>> read, PendingContent target)
    {
        var max = chunker.Parameters.Max;
        var slab = await slabs.RentAsync(writer.Stopping);
        try
        {
            long total = 0;
            int start = 0, filled = 0;
            for (var ended = false; ;)
            {
                while (!ended && filled - start < max)
                {
                    if (filled == slab.Buffer.Length)
                    {
                        slab = await MoveRestAsync(slab, start, filled);
                        filled -= start;
                        start = 0;
                    }

                    var count = await read(slab.Buffer.AsMemory(filled));
                    ended = count == 0;
                    filled += count;
                    total += count;
                }

                if (filled == start)
                {
                    return total;
                }

                var length = chunker.FindBorder(slab.Buffer.AsSpan(start, filled - start));
                slab.AddReference();
                await EnqueueAsync(new ChunkJob(slab, start, length, kind, target, target.Reserve(length)));
                start += length;
            }
        }
        finally
        {
            slab.Release();
        }
    }

    private async ValueTask EnqueueAsync(ChunkJob job)
    {
        try
        {
            await writer.EnqueueAsync(job);
        }
        catch
        {
            job.Slab.Release();
            throw;
        }
    }

    private async ValueTask<Slab> MoveRestAsync(Slab slab, int start, int filled)
    {
        var next = await slabs.RentAsync(writer.Stopping);
        slab.Buffer.AsSpan(start, filled - start).CopyTo(next.Buffer);
        slab.Release();
        return next;
    }
}
