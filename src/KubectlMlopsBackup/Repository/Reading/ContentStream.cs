using KubectlMlopsBackup.Repository.Trees;

namespace KubectlMlopsBackup.Repository.Reading;

/// <summary>A file of a snapshot as a stream, forwards only. No byte comes out of a chunk that was not proven.</summary>
internal sealed class ContentStream : Stream
{
    private readonly TreeEntry entry;
    private readonly ReadAhead chunks;
    private RentedChunk? chunk;
    private int index;
    private long within;
    private long position;

    public ContentStream(ChunkReader reader, TreeEntry entry, CancellationToken cancellationToken)
    {
        this.entry = entry;
        var ids = entry.Segments.Where(s => !s.IsHole).Select(s => s.Chunk);
        chunks = new ReadAhead(reader, ids, Math.Clamp(reader.Parallelism, 2, 4), cancellationToken);
    }

    public override bool CanRead => true;

    public override bool CanSeek => false;

    public override bool CanWrite => false;

    public override long Length => entry.Size;

    public override long Position
    {
        get => position;
        set => throw new NotSupportedException();
    }

    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        if (index == entry.Segments.Count || buffer.IsEmpty)
        {
            return 0;
        }

        var segment = entry.Segments[index];
        var count = (int)Math.Min(buffer.Length, segment.Length - within);
        if (segment.IsHole)
        {
            buffer.Span[..count].Clear();
        }
        else
        {
            chunk ??= await NextChunkAsync(segment);
            chunk.Content.Slice(segment.Offset + (int)within, count).CopyTo(buffer);
        }

        within += count;
        position += count;
        if (within == segment.Length)
        {
            chunk?.Dispose();
            chunk = null;
            within = 0;
            index++;
        }

        return count;
    }

    public override Task<int> ReadAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) =>
        ReadAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();

    /// <summary>For libraries that read without waiting (compressors, tar): the chunk was read ahead by then, mostly.</summary>
    public override int Read(byte[] buffer, int offset, int count) =>
        ReadAsync(buffer.AsMemory(offset, count)).AsTask().GetAwaiter().GetResult();

    public override void Flush()
    {
    }

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();

    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    public override async ValueTask DisposeAsync()
    {
        chunk?.Dispose();
        await chunks.DisposeAsync();
        await base.DisposeAsync();
    }

    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            chunk?.Dispose();
            chunks.DisposeAsync().AsTask().GetAwaiter().GetResult();
        }

        base.Dispose(disposing);
    }

    private async ValueTask<RentedChunk> NextChunkAsync(Segment segment)
    {
        var next = await chunks.NextAsync()
            ?? throw new InvalidOperationException("the read-ahead ended before the file");
        if (segment.Offset + segment.Length > next.Content.Length)
        {
            next.Dispose();
            throw new RepositoryDamagedException($"chunk {segment.Chunk}", $"is shorter than {entry.DisplayPath} says");
        }

        return next;
    }
}
