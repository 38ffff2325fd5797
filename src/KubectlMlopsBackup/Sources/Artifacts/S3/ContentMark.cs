using System.Buffers.Binary;
using System.Security.Cryptography;
using KubectlMlopsBackup.Repository;
using KubectlMlopsBackup.Repository.Trees;

namespace KubectlMlopsBackup.Sources.Artifacts.S3;

/// <summary>
/// Names an entry's content without reading it. A restore writes it beside the object as metadata, and the next one knows by it that
/// there is nothing to do: the ETag cannot tell, as it depends on the parts that an object was sent in.
/// </summary>
internal static class ContentMark
{
    /// <summary>Of the metadata; S3 puts <c>x-amz-meta-</c> before it.</summary>
    public const string Name = "mlopsbackup-content";

    /// <summary>SHA-256 of the content where the tree has it, else of its chunks: equal marks mean equal content, not the reverse.</summary>
    public static string Of(TreeEntry entry)
    {
        if (entry.ContentHash != default)
        {
            return $"sha256-{entry.ContentHash}";
        }

        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        Span<byte> line = stackalloc byte[ChunkId.Size + sizeof(int) + sizeof(long)];
        foreach (var segment in entry.Segments)
        {
            segment.Chunk.CopyTo(line);
            BinaryPrimitives.WriteInt32LittleEndian(line[ChunkId.Size..], segment.Offset);
            BinaryPrimitives.WriteInt64LittleEndian(line[(ChunkId.Size + sizeof(int))..], segment.Length);
            hash.AppendData(line);
        }

        return $"chunks-{Convert.ToHexStringLower(hash.GetHashAndReset())}";
    }
}
