using KubectlMlopsBackup.Repository.Crypto;

namespace KubectlMlopsBackup.Repository.Packs;

/// <summary>What an index knows of one pack.</summary>
/// <param name="Id">SHA-256 of its bytes: its name.</param>
/// <param name="Kind">Data or tree.</param>
/// <param name="Salt">Of its header; empty where not encrypted.</param>
/// <param name="Size">In bytes.</param>
/// <param name="Chunks">In the order of their frames; the first starts after the header.</param>
internal sealed record PackInfo(
    ChunkId Id, ObjectKind Kind, byte[] Salt, long Size, IReadOnlyList<PackedChunk> Chunks)
{
    /// <summary>No writer makes a pack this large, in bytes; a size that lies is not believed.</summary>
    public const int MaxSize = 256 << 20;

    public string Key => PackKey.Of(Id);
}
