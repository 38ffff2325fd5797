using KubectlMlopsBackup.Repository.Crypto;
using KubectlMlopsBackup.Repository.Packs;

namespace KubectlMlopsBackup.Repository.Writing;

/// <summary>Compresses and encrypts chunks. For one thread.</summary>
internal sealed class ChunkEncoder : IDisposable
{
    private readonly WritingSession session;
    private readonly Codec codec;
    private readonly FrameCipher dataCipher;
    private readonly FrameCipher treeCipher;
    private byte[] compressed = [];
    private byte[] frame = [];

    public ChunkEncoder(WritingSession session, CompressionLevel level)
    {
        this.session = session;
        codec = new Codec(level);
        dataCipher = session.Cipher(ObjectKind.DataPack);
        treeCipher = session.Cipher(ObjectKind.TreePack);
    }

    /// <returns>The directory's line and the frame, which is valid until the next call.</returns>
    public (PackedChunk Chunk, ReadOnlyMemory<byte> Frame) Encode(
        ObjectKind kind, ChunkId id, ReadOnlyMemory<byte> content, bool isBundle)
    {
        var (encoding, packed) = Compress(content, isBundle);
        var cipher = kind == ObjectKind.TreePack ? treeCipher : dataCipher;
        if (cipher.Encrypts)
        {
            Grow(ref frame, packed.Length + cipher.Overhead);
            packed = frame.AsMemory(0, cipher.Seal(packed.Span, frame, session.NextCounter()));
        }

        return (new PackedChunk(id, packed.Length, content.Length, encoding), packed);
    }

    public void Dispose()
    {
        codec.Dispose();
        dataCipher.Dispose();
        treeCipher.Dispose();
    }

    private (ChunkEncoding Encoding, ReadOnlyMemory<byte> Packed) Compress(ReadOnlyMemory<byte> content, bool isBundle)
    {
        if (isBundle ? codec.Compresses : codec.LooksCompressible(content.Span))
        {
            Grow(ref compressed, Codec.Bound(content.Length));
            var length = codec.Compress(content.Span, compressed);
            if (length < content.Length)
            {
                return (ChunkEncoding.Zstd, compressed.AsMemory(0, length));
            }
        }

        return (ChunkEncoding.Plain, content);
    }

    private static void Grow(ref byte[] buffer, int size)
    {
        if (buffer.Length < size)
        {
            buffer = GC.AllocateUninitializedArray<byte>(size);
        }
    }
}
