using System.Buffers;
using KubectlMlopsBackup.Repository;
using KubectlMlopsBackup.Repository.Index;
using KubectlMlopsBackup.Repository.Trees;
using KubectlMlopsBackup.Sources.Artifacts.Posix;

namespace KubectlMlopsBackup.Sources.Artifacts.Restore;

/// <summary>Compares a file that is there with the entry of a tree, by content and without fetching anything.</summary>
internal static class FileDelta
{
    /// <returns>For each segment whether the file has it already. Null where the whole file is equal.</returns>
    public static bool[]? Compare(Descriptor file, TreeEntry entry, ChunkIndex index, CancellationToken cancellationToken)
    {
        var size = file.Status().Size;
        var same = new bool[entry.Segments.Count];
        var offset = 0L;
        for (var i = 0; i < same.Length; i++)
        {
            cancellationToken.ThrowIfCancellationRequested();
            var segment = entry.Segments[i];
            if (Expected(entry, segment, index) is { } expected && offset + segment.Length <= size)
            {
                same[i] = HashOf(file, offset, (int)segment.Length) == expected;
            }

            offset += segment.Length;
        }

        return size == entry.Size && !same.Contains(false) ? null : same;
    }

    /// <summary>The hash that a segment's content must have; null where only fetching would tell (a hole, too).</summary>
    public static ChunkId? Expected(TreeEntry entry, Segment segment, ChunkIndex index)
    {
        if (entry.ContentHash != default && entry.Segments.Count == 1)
        {
            return entry.ContentHash;
        }

        return !segment.IsHole
            && index.TryFind(segment.Chunk, out var location)
            && segment.Offset == 0 && location.Length == segment.Length
            ? segment.Chunk
            : null;
    }

    private static ChunkId HashOf(Descriptor file, long offset, int length)
    {
        var buffer = ArrayPool<byte>.Shared.Rent(length);
        try
        {
            var read = file.Read(buffer.AsSpan(0, length), offset);
            return ChunkId.Of(buffer.AsSpan(0, read));
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }
}
