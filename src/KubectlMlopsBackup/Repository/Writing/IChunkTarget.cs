namespace KubectlMlopsBackup.Repository.Writing;

/// <summary>Learns where a piece of its content went. Called by encoders, in any order.</summary>
internal interface IChunkTarget
{
    /// <param name="ticket">What was given with the chunk.</param>
    /// <param name="id">The chunk's id: it will be in the repository before a snapshot can name it.</param>
    /// <param name="length">Of its content, in bytes.</param>
    void Stored(int ticket, ChunkId id, int length);
}
