namespace KubectlMlopsBackup.Repository.Shares;

/// <summary>One share's view of a partition. Safe for concurrent use.</summary>
internal sealed class PathShare(Partition partition, int index)
{
    private long seen;

    public int Index => index;

    /// <summary>Paths that the walk came by, of this share or not. None: the source is empty, or not mounted.</summary>
    public long Seen => Interlocked.Read(ref seen);

    public bool Takes(ReadOnlySpan<byte> path)
    {
        Interlocked.Increment(ref seen);
        return Contains(path);
    }

    public bool Contains(ReadOnlySpan<byte> path) => partition.ShareOf(path) == index;

    /// <summary>Whether parts of a folder are in several shares.</summary>
    public bool IsSplit(ReadOnlySpan<byte> folder) => partition.IsSplit(folder);

    /// <summary>Whether something below a folder may be in this share.</summary>
    public bool Enters(ReadOnlySpan<byte> folder) => partition.IsSplit(folder) || partition.ShareOf(folder) == index;
}
