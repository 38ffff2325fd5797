namespace KubectlMlopsBackup.Repository.Trees;

/// <summary>A piece of a file: a part of a chunk, or a hole.</summary>
/// <param name="Chunk">Default for a hole.</param>
/// <param name="Offset">In the chunk, in bytes.</param>
/// <param name="Length">In bytes, more than 0.</param>
internal readonly record struct Segment(ChunkId Chunk, int Offset, long Length)
{
    /// <summary>Zeros that take no space.</summary>
    public bool IsHole => Chunk == default;

    public static Segment Hole(long length) => new(default, 0, length);
}
