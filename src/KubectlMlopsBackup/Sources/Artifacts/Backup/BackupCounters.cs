namespace KubectlMlopsBackup.Sources.Artifacts.Backup;

/// <summary>Figures of a running backup, counted by many threads. Sizes are bytes.</summary>
internal sealed class BackupCounters
{
    private long files;
    private long directories;
    private long links;
    private long bytes;
    private long unchanged;
    private long bytesRead;

    public long Files => Interlocked.Read(ref files);

    public long Directories => Interlocked.Read(ref directories);

    public long Links => Interlocked.Read(ref links);

    /// <summary>Of all files, read or not.</summary>
    public long Bytes => Interlocked.Read(ref bytes);

    public long Unchanged => Interlocked.Read(ref unchanged);

    public long BytesRead => Interlocked.Read(ref bytesRead);

    public void AddFile(long size)
    {
        Interlocked.Increment(ref files);
        Interlocked.Add(ref bytes, size);
    }

    public void AddDirectory() => Interlocked.Increment(ref directories);

    public void AddLink() => Interlocked.Increment(ref links);

    public void AddUnchanged() => Interlocked.Increment(ref unchanged);

    public void AddRead(long count) => Interlocked.Add(ref bytesRead, count);
}
