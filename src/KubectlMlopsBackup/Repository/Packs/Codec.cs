using ZstdSharp;
using ZstdSharp.Unsafe;

namespace KubectlMlopsBackup.Repository.Packs;

/// <summary>zstd for one thread, its contexts kept for reuse.</summary>
internal sealed class Codec : IDisposable
{
    /// <summary>Bytes tried to see whether content shrinks at all.</summary>
    private const int TrialSize = 16 << 10;

    private readonly CompressionLevel level;
    private readonly byte[] trial = new byte[Bound(TrialSize)];
    private Compressor? compressor;
    private Compressor? trialCompressor;
    private Decompressor? decompressor;

    public Codec(CompressionLevel level) => this.level = level;

    public bool Compresses => level != CompressionLevel.None;

    public static int Bound(int length) => Compressor.GetCompressBound(length);

    /// <returns>Bytes written to <paramref name="destination"/>, which has room for <see cref="Bound"/>.</returns>
    public int Compress(ReadOnlySpan<byte> content, Span<byte> destination)
    {
        compressor ??= new Compressor((int)level);
        return compressor.Wrap(content, destination);
    }

    /// <summary>
    /// Whether compressing pays. Weights do not shrink, and finding that out on 16 KiB instead of a
    /// whole chunk is the largest saving of a backup.
    /// </summary>
    public bool LooksCompressible(ReadOnlySpan<byte> content)
    {
        if (!Compresses)
        {
            return false;
        }

        if (content.Length <= TrialSize)
        {
            return true;
        }

        trialCompressor ??= new Compressor(1);
        var middle = content.Slice((content.Length - TrialSize) / 2, TrialSize);
        return trialCompressor.Wrap(middle, trial) < TrialSize * 97L / 100;
    }

    /// <returns>False where <paramref name="packed"/> does not decompress to exactly the length of <paramref name="plain"/>.</returns>
    public bool TryDecompress(ReadOnlySpan<byte> packed, Span<byte> plain)
    {
        decompressor ??= new Decompressor();
        try
        {
            return decompressor.TryUnwrap(packed, plain, out var written) && written == plain.Length;
        }
        catch (ZstdException e) when (e.Code != ZSTD_ErrorCode.ZSTD_error_memory_allocation)
        {
            return false;
        }
    }

    public void Dispose()
    {
        compressor?.Dispose();
        trialCompressor?.Dispose();
        decompressor?.Dispose();
    }
}
