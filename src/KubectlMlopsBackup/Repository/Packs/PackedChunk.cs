namespace KubectlMlopsBackup.Repository.Packs;

/// <summary>A line of a pack's directory.</summary>
/// <param name="Id">SHA-256 of the content.</param>
/// <param name="FrameLength">Bytes in the pack.</param>
/// <param name="Length">Bytes of content.</param>
/// <param name="Encoding">How the frame's content is encoded.</param>
internal readonly record struct PackedChunk(ChunkId Id, int FrameLength, int Length, ChunkEncoding Encoding);
