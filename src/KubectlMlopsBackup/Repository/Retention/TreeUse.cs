using KubectlMlopsBackup.Repository.Reading;
using KubectlMlopsBackup.Repository.Snapshots;
using KubectlMlopsBackup.Repository.Trees;

namespace KubectlMlopsBackup.Repository.Retention;

/// <summary>
/// Finds which chunks trees name. The trees of two nights share nearly all their chunks, so each chunk of a tree is read once, whatever number of
/// snapshots has it. Lines go across the borders of chunks: of each chunk its two ends are kept, until they take too much memory; then it is
/// read again.
/// </summary>
internal sealed class TreeUse(ChunkReader reader, ISet<ChunkId> needed, long mostBytes = TreeUse.MostBytes)
{
    private const long MostBytes = 64 << 20;

    /// <summary>What an entry takes beside its two ends.</summary>
    private const int Overhead = 200;

    private readonly Dictionary<ChunkId, Ends> known = [];
    private long bytes;

    /// <param name="Head">Up to the first newline, without it; all of a chunk that has none.</param>
    /// <param name="Tail">After the last newline; null where there is none.</param>
    private sealed record Ends(byte[] Head, byte[]? Tail);

    /// <summary>Chunks of trees that were read, and parsed.</summary>
    public int ChunksRead { get; private set; }

    /// <summary>Adds the chunks of a snapshot's tree, and all that its lines name.</summary>
    /// <exception cref="RepositoryDamagedException">The tree is damaged.</exception>
    public async Task AddAsync(Snapshot snapshot, CancellationToken cancellationToken)
    {
        var name = $"snapshot {snapshot.ShortId}";
        var chunks = snapshot.Tree.Chunks
            .Select(hex => ChunkId.TryParse(hex, out var id)
                ? id
                : throw new RepositoryDamagedException(name, "names a tree chunk that is no SHA-256"))
            .ToList();
        needed.UnionWith(chunks);
        // As it is now, since reading goes ahead of what is taken in.
        var isKnown = chunks.ConvertAll(known.ContainsKey);
        await using var ahead = new ReadAhead(
            reader, chunks.Where((_, i) => !isKnown[i]), Math.Min(8, reader.Parallelism), cancellationToken);
        var line = new List<byte>();
        for (var i = 0; i < chunks.Count; i++)
        {
            var ends = isKnown[i] ? known[chunks[i]] : await ReadAsync(ahead, chunks[i], name);
            Extend(line, ends.Head, name);
            if (ends.Tail is not null)
            {
                TakeIn(line.ToArray(), name);
                line.Clear();
                Extend(line, ends.Tail, name);
            }
        }

        if (line.Count > 0)
        {
            throw Malformed(name);
        }
    }

    private static void Extend(List<byte> line, byte[] part, string name)
    {
        line.AddRange(part);
        if (line.Count > TreeLine.MaxLength)
        {
            throw new RepositoryDamagedException(name, "its tree has a line that is too long");
        }
    }

    private async Task<Ends> ReadAsync(ReadAhead ahead, ChunkId id, string name)
    {
        using var chunk = await ahead.NextAsync() ?? throw new InvalidOperationException("the read-ahead ended before the tree");
        ChunksRead++;
        var content = chunk.Content.Span;
        var first = content.IndexOf((byte)'\n');
        var last = content.LastIndexOf((byte)'\n');
        for (var at = first; at < last;)
        {
            var rest = content[(at + 1)..];
            var length = rest.IndexOf((byte)'\n');
            TakeIn(rest[..length], name);
            at += length + 1;
        }

        var ends = first < 0
            ? new Ends(content.ToArray(), null)
            : new Ends(content[..first].ToArray(), content[(last + 1)..].ToArray());
        var size = ends.Head.Length + (ends.Tail?.Length ?? 0) + Overhead;
        if (bytes + size <= mostBytes && known.TryAdd(id, ends))
        {
            bytes += size;
        }

        return ends;
    }

    private void TakeIn(ReadOnlySpan<byte> line, string name)
    {
        Segment[] segments;
        if (line.StartsWith("+\t"u8))
        {
            if (!TreeLine.TryReadSegments(line[2..], out segments))
            {
                throw Malformed(name);
            }
        }
        else
        {
            segments = TreeLine.TryRead(line, out var entry) ? [.. entry.Segments] : throw Malformed(name);
        }

        foreach (var segment in segments)
        {
            if (!segment.IsHole)
            {
                needed.Add(segment.Chunk);
            }
        }
    }

    private static RepositoryDamagedException Malformed(string name) => new(name, "its tree has a line that is not an entry");
}
