namespace KubectlMlopsBackup.Repository.Storage;

/// <summary>One try's view of a part of a <see cref="SegmentBuffer"/>, for the SDK, which wants a seekable stream.</summary>
/// <param name="buffer">The content; not owned.</param>
/// <param name="start">Where the part starts, in bytes.</param>
/// <param name="length">Its length in bytes.</param>
/// <param name="progress">Called whenever bytes were taken.</param>
internal sealed class SegmentStream(SegmentBuffer buffer, long start, long length, Action progress) : Stream
{
    /// <summary>Small enough that a slow line reports progress long before it would be taken for stalled.</summary>
    private const int Step = 256 * 1024;

    private long _position;

    public override bool CanRead => true;

    public override bool CanSeek => true;

    public override bool CanWrite => false;

    public override long Length => length;

    public override long Position
    {
        get => _position;
        set => _position = value;
    }

    public override int Read(Span<byte> target)
    {
        buffer.BeginRead();
        try
        {
            var source = Next(target.Length);
            source.Span.CopyTo(target);
            _position += source.Length;
            progress();
            return source.Length;
        }
        finally
        {
            buffer.EndRead();
        }
    }

    public override int Read(byte[] target, int offset, int count) => Read(target.AsSpan(offset, count));

    public override ValueTask<int> ReadAsync(Memory<byte> target, CancellationToken cancellationToken = default) =>
        cancellationToken.IsCancellationRequested
            ? ValueTask.FromCanceled<int>(cancellationToken)
            : ValueTask.FromResult(Read(target.Span));

    public override Task<int> ReadAsync(byte[] target, int offset, int count, CancellationToken cancellationToken) =>
        ReadAsync(target.AsMemory(offset, count), cancellationToken).AsTask();

    /// <summary>Hands the segments themselves to the connection.</summary>
    public override async Task CopyToAsync(Stream destination, int bufferSize, CancellationToken cancellationToken)
    {
        buffer.BeginRead();
        try
        {
            while (Next(Step) is { IsEmpty: false } source)
            {
                await destination.WriteAsync(source, cancellationToken);
                _position += source.Length;
                progress();
            }
        }
        finally
        {
            buffer.EndRead();
        }
    }

    public override long Seek(long offset, SeekOrigin origin) => _position = origin switch
    {
        SeekOrigin.Begin => offset,
        SeekOrigin.Current => _position + offset,
        _ => length + offset,
    };

    public override void Flush()
    {
    }

    public override void SetLength(long value) => throw new NotSupportedException();

    public override void Write(byte[] source, int offset, int count) => throw new NotSupportedException();

    private ReadOnlyMemory<byte> Next(int most)
    {
        var left = Math.Min(length - _position, most);
        if (left <= 0)
        {
            return default;
        }

        var slice = buffer.Slice(start + _position);
        return slice.Length > left ? slice[..(int)left] : slice;
    }
}
