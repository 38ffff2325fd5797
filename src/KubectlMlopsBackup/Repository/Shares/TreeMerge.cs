using System.Runtime.CompilerServices;
using KubectlMlopsBackup.Repository.Reading;
using KubectlMlopsBackup.Repository.Trees;

namespace KubectlMlopsBackup.Repository.Shares;

/// <summary>Puts the trees of all shares together: one tree, in order, as one process would have written it.</summary>
internal sealed class TreeMerge(ChunkReader reader, Partition partition, IReadOnlyList<StoredShare> shares)
{
    /// <summary>Chunks read ahead in each of the trees; there may be 64 of them.</summary>
    private const int ReadAhead = 2;

    private readonly Dictionary<string, List<TreeEntry>> firsts = new(StringComparer.Ordinal);
    private readonly Dictionary<(int Share, string File), TreeEntry> resolved = [];

    /// <exception cref="RepositoryDamagedException">A share has what is not its own, or a chunk of it is not there.</exception>
    public async IAsyncEnumerable<TreeEntry> RunAsync([EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var trees = shares.Select(s => new TreeReader(reader, s.Tree, Name(s.Index), cancellationToken, ReadAhead)).ToList();
        var links = shares.Select(LinksOf).ToList();
        try
        {
            var next = new PriorityQueue<int, TreeEntry>(Comparer<TreeEntry>.Create(TreePath.Compare));
            for (var i = 0; i < trees.Count; i++)
            {
                await StepAsync(i);
            }

            while (next.TryDequeue(out var share, out var entry))
            {
                Check(share, entry);
                yield return links[share]?.TryGetValue(entry.Path, out var file) == true ? Link(share, file, entry) : entry;
                await StepAsync(share);
            }

            async ValueTask StepAsync(int share)
            {
                if (await trees[share].ReadAsync() is { } entry)
                {
                    next.Enqueue(share, entry);
                }
            }
        }
        finally
        {
            foreach (var tree in trees)
            {
                await tree.DisposeAsync();
            }
        }
    }

    private static string Name(int share) => $"the tree of share {share}";

    private static Dictionary<byte[], string>? LinksOf(StoredShare share) => share.Links.Count == 0
        ? null
        : share.Links
            .Select(l => (Path: TreePath.Unescape(System.Text.Encoding.UTF8.GetBytes(l.Path)) ?? [], l.File))
            .DistinctBy(l => l.Path, PathBytes.Comparer)
            .ToDictionary(l => l.Path, l => l.File, PathBytes.Comparer);

    private void Check(int share, TreeEntry entry)
    {
        if (partition.ShareOf(entry.Path) != share)
        {
            throw new RepositoryDamagedException(Name(share), $"{entry.DisplayPath} is not in this share");
        }

        foreach (var segment in entry.Segments)
        {
            if (!segment.IsHole && !reader.Index.TryFind(segment.Chunk, out _))
            {
                throw new RepositoryDamagedException(Name(share), $"chunk {segment.Chunk} of {entry.DisplayPath} is in no index");
            }
        }
    }

    /// <summary>The first name of a file is the file; all later ones are links to it, whichever share they are in.</summary>
    private TreeEntry Link(int share, string file, TreeEntry entry)
    {
        if (entry.Type == EntryType.HardLink)
        {
            // Its file came before, in the same share.
            return resolved.TryGetValue((share, file), out var known) ? LinkTo(known, entry) : entry;
        }

        if (!firsts.TryGetValue(file, out var candidates))
        {
            firsts.Add(file, candidates = []);
        }

        // One number may be given to two files on two devices, or to one that was written between two walks.
        if (candidates.Find(c => SameContent(c, entry)) is { } first)
        {
            resolved[(share, file)] = first;
            return LinkTo(first, entry);
        }

        candidates.Add(entry);
        resolved[(share, file)] = entry;
        return entry;
    }

    private static bool SameContent(TreeEntry one, TreeEntry other) =>
        one.Size == other.Size
        && one.ContentHash == other.ContentHash
        && (one.ContentHash != default || one.Segments.SequenceEqual(other.Segments));

    private static TreeEntry LinkTo(TreeEntry first, TreeEntry second) =>
        first with { Type = EntryType.HardLink, Path = second.Path, Target = first.Path };
}
