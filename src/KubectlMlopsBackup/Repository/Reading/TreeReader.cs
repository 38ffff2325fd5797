using KubectlMlopsBackup.Repository.Snapshots;
using KubectlMlopsBackup.Repository.Trees;

namespace KubectlMlopsBackup.Repository.Reading;

/// <summary>
/// Reads a tree, entry by entry, in bounded memory. What it hands out is checked: order, paths, sizes.
/// </summary>
internal sealed class TreeReader : IAsyncDisposable
{
    private readonly string name;
    private readonly ReadAhead chunks;
    private byte[] buffer = new byte[64 << 10];
    private int start;
    private int filled;
    private bool ended;
    private TreeEntry? last;
    private TreeEntry? next;

    /// <param name="reader">The repository.</param>
    /// <param name="tree">Which tree.</param>
    /// <param name="name">For messages: the snapshot.</param>
    /// <param name="cancellationToken">Stops it.</param>
    /// <param name="readAhead">The most chunks to have at once.</param>
    public TreeReader(ChunkReader reader, TreeRef tree, string name, CancellationToken cancellationToken, int readAhead = 8)
    {
        this.name = name;
        chunks = new ReadAhead(reader, Ids(tree, name), Math.Min(readAhead, reader.Parallelism), cancellationToken);
    }

    /// <returns>The next entry; null after the last.</returns>
    /// <exception cref="RepositoryDamagedException">The tree is damaged or hostile.</exception>
    public async ValueTask<TreeEntry?> ReadAsync()
    {
        var entry = next ?? await ReadLineAsync();
        next = null;
        if (entry is null)
        {
            return null;
        }

        List<Segment>? more = null;
        while (await PeekContinuationAsync() is { } segments)
        {
            more ??= [.. entry.Segments];
            more.AddRange(segments);
        }

        entry = more is null ? entry : entry with { Segments = more };
        Check(entry);
        last = entry;
        return entry;
    }

    public ValueTask DisposeAsync() => chunks.DisposeAsync();

    private static IEnumerable<ChunkId> Ids(TreeRef tree, string name)
    {
        foreach (var hex in tree.Chunks)
        {
            yield return ChunkId.TryParse(hex, out var id)
                ? id
                : throw new RepositoryDamagedException(name, "names a tree chunk that is no SHA-256");
        }
    }

    private void Check(TreeEntry entry)
    {
        var isRoot = entry.Path.Length == 0 && entry.Type == EntryType.Directory && last is null;
        var safe = isRoot
            || (entry.Type == EntryType.S3Object ? entry.Path.Length is > 0 and <= 1024 : TreePath.IsSafe(entry.Path));
        if (!safe || entry is { Type: EntryType.HardLink, Target: { } target } && !TreePath.IsSafe(target))
        {
            throw new RepositoryDamagedException(name, $"its tree has a path that leads elsewhere: {entry.DisplayPath}");
        }

        if (last is not null && TreePath.Compare(last, entry) >= 0)
        {
            throw new RepositoryDamagedException(name, $"its tree is out of order at {entry.DisplayPath}");
        }

        long size = 0;
        foreach (var segment in entry.Segments)
        {
            size += segment.Length;
            if (size > entry.Size || size < 0)
            {
                break;
            }
        }

        if (size != entry.Size || (entry.Size > 0 && !entry.HasContent))
        {
            throw new RepositoryDamagedException(name, $"the size of {entry.DisplayPath} is not that of its segments");
        }
    }

    private async ValueTask<Segment[]?> PeekContinuationAsync()
    {
        var line = await NextLineAsync();
        if (line.IsEmpty)
        {
            return null;
        }

        if (line.Span.StartsWith("+\t"u8))
        {
            return TreeLine.TryReadSegments(line.Span[2..], out var segments)
                ? segments
                : throw Malformed();
        }

        next = TreeLine.TryRead(line.Span, out var entry) ? entry : throw Malformed();
        return null;
    }

    private async ValueTask<TreeEntry?> ReadLineAsync()
    {
        var line = await NextLineAsync();
        if (line.IsEmpty)
        {
            return null;
        }

        return TreeLine.TryRead(line.Span, out var entry) ? entry : throw Malformed();
    }

    /// <returns>A line without its newline, valid until the next call; empty at the end.</returns>
    private async ValueTask<ReadOnlyMemory<byte>> NextLineAsync()
    {
        while (true)
        {
            var newline = buffer.AsSpan(start, filled - start).IndexOf((byte)'\n');
            if (newline > TreeLine.MaxLength || (newline < 0 && filled - start > TreeLine.MaxLength))
            {
                throw new RepositoryDamagedException(name, "its tree has a line that is too long");
            }

            if (newline >= 0)
            {
                var line = buffer.AsMemory(start, newline);
                start += newline + 1;
                return line.IsEmpty ? throw Malformed() : line;
            }

            if (ended)
            {
                return filled == start ? default(ReadOnlyMemory<byte>) : throw Malformed();
            }

            await FillAsync();
        }
    }

    private async ValueTask FillAsync()
    {
        using var chunk = await chunks.NextAsync();
        if (chunk is null)
        {
            ended = true;
            return;
        }

        buffer.AsSpan(start, filled - start).CopyTo(buffer);
        filled -= start;
        start = 0;
        if (buffer.Length < filled + chunk.Content.Length)
        {
            Array.Resize(ref buffer, filled + chunk.Content.Length);
        }

        chunk.Content.CopyTo(buffer.AsMemory(filled));
        filled += chunk.Content.Length;
    }

    private RepositoryDamagedException Malformed() => new(name, "its tree has a line that is not an entry");
}
