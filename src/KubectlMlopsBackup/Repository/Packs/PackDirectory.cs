using System.Buffers.Binary;
using KubectlMlopsBackup.Repository.Chunking;

namespace KubectlMlopsBackup.Repository.Packs;

/// <summary>The 41-byte lines of a pack's directory and of an index.</summary>
internal static class PackDirectory
{
    public const int LineSize = ChunkId.Size + 9;

    public static void Write(Span<byte> destination, IReadOnlyList<PackedChunk> chunks)
    {
        foreach (var chunk in chunks)
        {
            chunk.Id.CopyTo(destination);
            BinaryPrimitives.WriteInt32LittleEndian(destination[32..], chunk.FrameLength);
            BinaryPrimitives.WriteInt32LittleEndian(destination[36..], chunk.Length);
            destination[40] = (byte)chunk.Encoding;
            destination = destination[LineSize..];
        }
    }

    /// <param name="source">A whole number of lines.</param>
    /// <param name="key">For messages: the object it comes from.</param>
    /// <exception cref="RepositoryDamagedException">A size or an encoding that no writer writes.</exception>
    public static PackedChunk[] Read(ReadOnlySpan<byte> source, string key)
    {
        if (source.Length % LineSize != 0)
        {
            throw new RepositoryDamagedException(key, "its directory is not a whole number of lines");
        }

        var chunks = new PackedChunk[source.Length / LineSize];
        for (var i = 0; i < chunks.Length; i++, source = source[LineSize..])
        {
            var frame = BinaryPrimitives.ReadInt32LittleEndian(source[32..]);
            var length = BinaryPrimitives.ReadInt32LittleEndian(source[36..]);
            var encoding = (ChunkEncoding)source[40];
            // Sealing adds 24 bytes; a frame is never longer than its content and that.
            if (length is <= 0 or > ChunkerParameters.Limit
                || frame <= 0 || frame > length + 24
                || encoding > ChunkEncoding.Zstd)
            {
                throw new RepositoryDamagedException(key, $"line {i} of its directory has impossible sizes");
            }

            chunks[i] = new PackedChunk(new ChunkId(source), frame, length, encoding);
        }

        return chunks;
    }
}
