using KubectlMlopsBackup.Repository.Trees;

namespace KubectlMlopsBackup.Repository.Shares;

/// <summary>
/// Shares a tree out, given its entries in order: pure, and in memory for its large parts only. Large parts are dealt out, the largest first, each to
/// the share that has least; small ones go where their hash says, and count before.
/// </summary>
internal sealed class PartitionBuilder
{
    /// <summary>Folders below are not split: MLflow's artifacts of one run are at the third or fourth level.</summary>
    private const int MaxDepth = 8;

    /// <summary>A folder of more than this part of a fair share is split, so that no share has much more than the fair one.</summary>
    private const int SplitParts = 8;

    /// <summary>A unit of less than this part of a fair share is not named: the plan stays small, however many runs there are.</summary>
    private const int NamedParts = 256;

    private readonly int count;
    private readonly long expected;
    private readonly List<Folder> open;
    private long total;

    /// <param name="count">Shares.</param>
    /// <param name="expected">What the whole tree has, where that is known; else folders are split more than need be.</param>
    public PartitionBuilder(int count, ShareLoad expected = default)
    {
        this.count = count;
        this.expected = expected.Weight;
        open = [new Folder([], count)];
    }

    public void Add(TreeEntry entry)
    {
        // The content of a hard link is read once, under another name.
        var isFile = entry.Type is EntryType.File or EntryType.S3Object;
        var load = new ShareLoad(isFile ? 1 : 0, isFile ? entry.Size : 0, 1);
        total += load.Weight;
        ReadOnlySpan<byte> path = entry.Path;
        if (path.IsEmpty)
        {
            open[0].Hashed[0] += load;
            return;
        }

        var level = 1;
        for (var from = 0; level <= MaxDepth;)
        {
            var slash = path[from..].IndexOf((byte)'/');
            if (slash < 0 && entry.Type != EntryType.Directory)
            {
                break;
            }

            var folder = slash < 0 ? path : path[..(from + slash)];
            if (level < open.Count && !open[level].Path.AsSpan().SequenceEqual(folder))
            {
                CloseTo(level);
            }

            if (level == open.Count)
            {
                open.Add(new Folder(folder.ToArray(), count));
            }

            level++;
            if (slash < 0)
            {
                break;
            }

            from += slash + 1;
        }

        if (level < open.Count)
        {
            CloseTo(level);
        }

        var last = open[^1];
        last.Own += load;
        if (last.Path.AsSpan().SequenceEqual(path) && entry.Type == EntryType.Directory)
        {
            last.Entry += load;
        }
        else if (open.Count <= MaxDepth)
        {
            Place(last, entry.Path, load);
        }
    }

    /// <returns>Splits, units with their shares, and what each share has. The builder is used up.</returns>
    public (IReadOnlyList<byte[]> Splits, IReadOnlyList<(byte[] Path, int Share)> Units, IReadOnlyList<ShareLoad> Loads) Build()
    {
        CloseTo(1);
        var root = open[0];
        var loads = root.Hashed;
        var named = new List<(byte[] Path, ShareLoad Load)>();
        foreach (var group in root.Named.GroupBy(u => u.Path, PathBytes.Comparer))
        {
            // An object "a" and objects "a/…" come apart from each other and are one unit.
            var load = group.Aggregate(default(ShareLoad), (sum, u) => sum + u.Load);
            if (load.Weight < NamedFrom)
            {
                loads[Partition.ByHash(group.Key, count)] += load;
            }
            else
            {
                named.Add((group.Key, load));
            }
        }

        named.Sort((x, y) => y.Load.Weight != x.Load.Weight
            ? y.Load.Weight.CompareTo(x.Load.Weight)
            : x.Path.AsSpan().SequenceCompareTo(y.Path));
        var units = new List<(byte[] Path, int Share)>();
        foreach (var (path, load) in named)
        {
            var share = Enumerable.Range(0, count).MinBy(i => loads[i].Weight);
            loads[share] += load;
            units.Add((path, share));
        }

        units.Sort((x, y) => x.Path.AsSpan().SequenceCompareTo(y.Path));
        return (root.Splits, units, loads);
    }

    private long Fair => Math.Max(total, expected) / count;

    private long NamedFrom => Math.Max(1, Fair / NamedParts);

    private void CloseTo(int level)
    {
        while (open.Count > level)
        {
            var folder = open[^1];
            open.RemoveAt(open.Count - 1);
            var parent = open[^1];
            parent.Own += folder.Own;
            // Of the deepest, only the whole is known.
            if (folder.Own.Weight > Fair / SplitParts && open.Count < MaxDepth && folder.Own != folder.Entry)
            {
                Place(parent, folder.Path, folder.Entry);
                parent.Splits.Add(folder.Path);
                parent.Take(folder);
            }
            else
            {
                Place(parent, folder.Path, folder.Own);
            }
        }
    }

    private void Place(Folder folder, byte[] unit, ShareLoad load)
    {
        if (load.Weight >= NamedFrom)
        {
            folder.Named.Add((unit, load));
        }
        else if (load.Entries > 0)
        {
            folder.Hashed[Partition.ByHash(unit, count)] += load;
        }
    }

    /// <summary>A folder whose end was not seen yet, and the units in it, if it should be split.</summary>
    private sealed class Folder(byte[] path, int count)
    {
        public byte[] Path { get; } = path;

        /// <summary>All in it.</summary>
        public ShareLoad Own { get; set; }

        /// <summary>The folder's own entry.</summary>
        public ShareLoad Entry { get; set; }

        public List<(byte[] Path, ShareLoad Load)> Named { get; } = [];

        public ShareLoad[] Hashed { get; } = new ShareLoad[count];

        public List<byte[]> Splits { get; } = [];

        public void Take(Folder split)
        {
            Named.AddRange(split.Named);
            Splits.AddRange(split.Splits);
            for (var i = 0; i < Hashed.Length; i++)
            {
                Hashed[i] += split.Hashed[i];
            }
        }
    }
}
