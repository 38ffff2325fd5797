using KubectlMlopsBackup.Repository.Packs;

namespace KubectlMlopsBackup.Repository.Index;

/// <summary>Where a chunk lies.</summary>
/// <param name="Pack">Number of the pack in the index it was looked up in.</param>
/// <param name="Offset">Of its frame in the pack, in bytes.</param>
/// <param name="FrameLength">In bytes.</param>
/// <param name="LengthAndEncoding">Length of the content, and the encoding in the top bit.</param>
internal readonly record struct ChunkLocation(int Pack, int Offset, int FrameLength, uint LengthAndEncoding)
{
    private const uint ZstdBit = 1u << 31;

    public ChunkLocation(int pack, int offset, in PackedChunk chunk)
        : this(
            pack,
            offset,
            chunk.FrameLength,
            (uint)chunk.Length | (chunk.Encoding == ChunkEncoding.Zstd ? ZstdBit : 0))
    {
    }

    public int Length => (int)(LengthAndEncoding & ~ZstdBit);

    public ChunkEncoding Encoding =>
        (LengthAndEncoding & ZstdBit) != 0 ? ChunkEncoding.Zstd : ChunkEncoding.Plain;

    public PackedChunk As(ChunkId id) => new(id, FrameLength, Length, Encoding);
}
