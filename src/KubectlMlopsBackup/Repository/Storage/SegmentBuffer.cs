using System.Buffers;
using System.Security.Cryptography;

namespace KubectlMlopsBackup.Repository.Storage;

/// <summary>
/// A growing buffer of pooled segments, so that a pack of tens of MiB is never copied to grow and is no garbage after.
/// Written by one thread, then read by several.
/// </summary>
internal sealed class SegmentBuffer : IDisposable
{
    /// <summary>Small objects take little; a pack soon takes whole megabytes.</summary>
    private const int SmallestSegment = 64 * 1024;
    private const int LargestSegment = 4 * 1024 * 1024;

    private readonly List<byte[]> _segments = [];
    private readonly List<long> _starts = [];
    private readonly Lock _lock = new();
    private long _capacity;
    private int _readers;
    private bool _disposed;

    public long Length { get; private set; }

    public void Append(ReadOnlySpan<byte> data)
    {
        ObjectDisposedException.ThrowIf(_disposed, this);
        while (!data.IsEmpty)
        {
            if (Length == _capacity)
            {
                Grow();
            }

            var free = _segments[^1].AsSpan((int)(Length - _starts[^1]));
            var count = Math.Min(free.Length, data.Length);
            data[..count].CopyTo(free);
            data = data[count..];
            Length += count;
        }
    }

    /// <summary>The bytes from <paramref name="offset"/> to the end of their segment or of the content.</summary>
    public ReadOnlyMemory<byte> Slice(long offset)
    {
        if (offset >= Length)
        {
            return default;
        }

        var index = _starts.BinarySearch(offset);
        index = index < 0 ? ~index - 1 : index;
        var start = (int)(offset - _starts[index]);
        var end = (int)Math.Min(_segments[index].Length, Length - _starts[index]);
        return _segments[index].AsMemory(start, end - start);
    }

    /// <summary>SHA-256 of a part of the content.</summary>
    public byte[] Hash(long start, long length)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        for (var end = start + length; start < end;)
        {
            var slice = Slice(start);
            var count = (int)Math.Min(slice.Length, end - start);
            hash.AppendData(slice.Span[..count]);
            start += count;
        }

        return hash.GetHashAndReset();
    }

    /// <summary>Between this and <see cref="EndRead"/> the segments stay where they are.</summary>
    public void BeginRead()
    {
        lock (_lock)
        {
            ObjectDisposedException.ThrowIf(_disposed, this);
            _readers++;
        }
    }

    public void EndRead()
    {
        lock (_lock)
        {
            _readers--;
            if (_disposed && _readers == 0)
            {
                Release();
            }
        }
    }

    /// <summary>
    /// A try that was given up may still be sending: the segments go back to the pool when its last read has ended,
    /// or never, but not before.
    /// </summary>
    public void Dispose()
    {
        lock (_lock)
        {
            if (_disposed)
            {
                return;
            }

            _disposed = true;
            if (_readers == 0)
            {
                Release();
            }
        }
    }

    private void Grow()
    {
        var size = (int)Math.Clamp(Length, SmallestSegment, LargestSegment);
        var segment = ArrayPool<byte>.Shared.Rent(size);
        _starts.Add(_capacity);
        _segments.Add(segment);
        _capacity += segment.Length;
    }

    private void Release()
    {
        foreach (var segment in _segments)
        {
            ArrayPool<byte>.Shared.Return(segment);
        }

        _segments.Clear();
    }
}
