using KubectlMlopsBackup.Repository.Trees;

namespace KubectlMlopsBackup.Mlflow.Consistency;

/// <summary>
/// Sums orphans up by place: the highest folder that nothing in the database points into. They come in the order of their paths, so that a place's files
/// come one after the other; only the largest places are kept.
/// </summary>
internal sealed class OrphanPlaces(int kept)
{
    private readonly PriorityQueue<OrphanPlace, long> largest = new();
    private byte[]? place;
    private long files;
    private long bytes;

    public long Files { get; private set; }

    public long Bytes { get; private set; }

    public long Places { get; private set; }

    /// <param name="path">Of the file.</param>
    /// <param name="size">Its bytes.</param>
    /// <param name="before">The last referenced place that is not after it; empty where there is none.</param>
    /// <param name="after">The first one after it.</param>
    public void Add(byte[] path, long size, ReadOnlySpan<byte> before, ReadOnlySpan<byte> after)
    {
        var shared = Math.Max(SharedFolders(path, before), SharedFolders(path, after));
        var next = path.AsSpan(shared).IndexOf((byte)'/');
        var current = next < 0 ? path : path.AsSpan(0, shared + next + 1);
        if (place is null || !current.SequenceEqual(place))
        {
            Flush();
            place = current.ToArray();
        }

        files++;
        bytes += size;
        Files++;
        Bytes += size;
    }

    /// <summary>The largest, the largest first. Ends it.</summary>
    public IReadOnlyList<OrphanPlace> Largest()
    {
        Flush();
        return [.. largest.UnorderedItems.Select(i => i.Element).OrderByDescending(p => p.Bytes).ThenBy(p => p.Path, StringComparer.Ordinal)];
    }

    /// <returns>Length of the folders at the beginning that both have, with the last one's slash.</returns>
    private static int SharedFolders(ReadOnlySpan<byte> path, ReadOnlySpan<byte> other) =>
        path[..path.CommonPrefixLength(other)].LastIndexOf((byte)'/') + 1;

    private void Flush()
    {
        if (place is null)
        {
            return;
        }

        Places++;
        largest.Enqueue(new OrphanPlace(TreePath.Escape(place), files, bytes), bytes);
        if (largest.Count > kept)
        {
            largest.Dequeue();
        }

        place = null;
        files = 0;
        bytes = 0;
    }
}
