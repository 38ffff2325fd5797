using System.Buffers;

namespace KubectlMlopsBackup.Repository.Reading;

/// <summary>A chunk's content, proven by its hash, in a pooled buffer.</summary>
internal sealed class RentedChunk(byte[] buffer, int length) : IDisposable
{
    private byte[]? buffer = buffer;

    public ReadOnlyMemory<byte> Content =>
        (buffer ?? throw new ObjectDisposedException(nameof(RentedChunk))).AsMemory(0, length);

    public void Dispose()
    {
        if (Interlocked.Exchange(ref buffer, null) is { } rented)
        {
            ArrayPool<byte>.Shared.Return(rented);
        }
    }
}
