namespace KubectlMlopsBackup.Repository.Reading;

/// <summary>Reads a sequence of chunks in order, a few ahead of the one that is wanted.</summary>
internal sealed class ReadAhead : IAsyncDisposable
{
    private readonly ChunkReader reader;
    private readonly IEnumerator<ChunkId> chunks;
    private readonly int depth;
    private readonly CancellationTokenSource stop;
    private readonly Queue<Task<RentedChunk>> pending = new();
    private bool disposed;

    public ReadAhead(ChunkReader reader, IEnumerable<ChunkId> chunks, int depth, CancellationToken cancellationToken)
    {
        this.reader = reader;
        this.chunks = chunks.GetEnumerator();
        this.depth = depth;
        stop = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
    }

    /// <returns>The next chunk, to be disposed by the caller; null after the last.</returns>
    public async ValueTask<RentedChunk?> NextAsync()
    {
        while (pending.Count < depth && chunks.MoveNext())
        {
            var id = chunks.Current;
            pending.Enqueue(Task.Run(() => reader.ReadAsync(id, stop.Token), stop.Token));
        }

        return pending.TryDequeue(out var next) ? await next : null;
    }

    /// <summary>Does nothing the second time: <see cref="Stream.DisposeAsync"/> also calls <c>Dispose</c>.</summary>
    public async ValueTask DisposeAsync()
    {
        if (disposed)
        {
            return;
        }

        disposed = true;
        await stop.CancelAsync();
        while (pending.TryDequeue(out var task))
        {
            try
            {
                (await task).Dispose();
            }
            catch (Exception e) when (e is IOException or OperationCanceledException or UserError)
            {
                // Nobody wanted it.
            }
        }

        chunks.Dispose();
        stop.Dispose();
    }
}
