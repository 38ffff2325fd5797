using KubectlMlopsBackup.Repository.Trees;

namespace KubectlMlopsBackup.Repository.Shares;

/// <summary>Says of every path whose share it is in: one answer for each, whoever asks. Safe for concurrent use.</summary>
internal sealed class Partition
{
    private readonly int count;
    private readonly Dictionary<byte[], int>.AlternateLookup<ReadOnlySpan<byte>> units;
    private readonly HashSet<byte[]>.AlternateLookup<ReadOnlySpan<byte>> splits;

    public Partition(int count, IEnumerable<byte[]> splits, IEnumerable<(byte[] Path, int Share)> units)
    {
        this.count = count;
        this.splits = new HashSet<byte[]>(splits, PathBytes.Comparer).GetAlternateLookup<ReadOnlySpan<byte>>();
        var byPath = new Dictionary<byte[], int>(PathBytes.Comparer);
        foreach (var (path, share) in units)
        {
            byPath[path] = share;
        }

        this.units = byPath.GetAlternateLookup<ReadOnlySpan<byte>>();
    }

    /// <exception cref="RepositoryDamagedException">Its paths or shares cannot be.</exception>
    public static Partition Of(SharePlan plan)
    {
        byte[] Path(string escaped) =>
            TreePath.Unescape(System.Text.Encoding.UTF8.GetBytes(escaped)) ?? throw Damaged(plan.Run);
        if (plan.Count is < 1 or > ShareId.MaxCount
            || plan.Expected.Count != plan.Count
            || plan.Units.Any(u => u is null || u.Path is null || u.Share < 0 || u.Share >= plan.Count)
            || plan.Splits.Contains(null!))
        {
            throw Damaged(plan.Run);
        }

        return new Partition(plan.Count, plan.Splits.Select(Path), plan.Units.Select(u => (Path(u.Path), u.Share)));
    }

    /// <summary>The share of what no plan names.</summary>
    public static int ByHash(ReadOnlySpan<byte> unit, int count) => (int)(PathBytes.Hash(unit) % (uint)count);

    public int ShareOf(ReadOnlySpan<byte> path)
    {
        if (path.IsEmpty)
        {
            return 0;
        }

        for (var from = 0; ;)
        {
            var slash = path[from..].IndexOf((byte)'/');
            var part = slash < 0 ? path : path[..(from + slash)];
            if (slash < 0 || !splits.Contains(part))
            {
                return units.TryGetValue(part, out var share) ? share : ByHash(part, count);
            }

            from += slash + 1;
        }
    }

    /// <summary>Whether parts of a folder are in several shares.</summary>
    public bool IsSplit(ReadOnlySpan<byte> folder) => folder.IsEmpty || splits.Contains(folder);

    private static RepositoryDamagedException Damaged(string run) => new(ShareKey.Plan(run), "has shares or paths that make no sense");
}
