using KubectlMlopsBackup.Repository.Crypto;
using KubectlMlopsBackup.Repository.Packs;

namespace KubectlMlopsBackup.Repository.Index;

/// <param name="Id">SHA-256 of its bytes.</param>
/// <param name="Kind">Data or tree.</param>
/// <param name="Salt">Of its header; empty where not encrypted.</param>
/// <param name="Size">In bytes.</param>
/// <param name="ChunkCount">Chunks in it.</param>
/// <param name="FrameBytes">What their frames take of the size; 0 where it is not known.</param>
/// <param name="Marked">Prune has marked it for deletion.</param>
internal sealed record PackSummary(
    ChunkId Id, ObjectKind Kind, byte[] Salt, long Size, int ChunkCount, long FrameBytes, bool Marked)
{
    public string Key => PackKey.Of(Id);
}
