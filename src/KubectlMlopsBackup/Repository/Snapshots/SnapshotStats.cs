namespace KubectlMlopsBackup.Repository.Snapshots;

/// <summary>Figures of one run. Sizes are bytes.</summary>
internal sealed record SnapshotStats
{
    public long Files { get; init; }

    public long Directories { get; init; }

    public long Links { get; init; }

    /// <summary>Size of all files.</summary>
    public long Bytes { get; init; }

    public long UnchangedFiles { get; init; }

    /// <summary>Bytes that had to be read.</summary>
    public long BytesRead { get; init; }

    public long NewChunks { get; init; }

    /// <summary>Content of chunks that the repository did not have.</summary>
    public long BytesNew { get; init; }

    /// <summary>What these take in the repository, compressed.</summary>
    public long BytesStored { get; init; }

    public double Seconds { get; init; }
}
