namespace KubectlMlopsBackup.Sources.Artifacts.Restore;

/// <summary>Figures of a running restore, counted by many threads. Sizes are bytes.</summary>
internal sealed class RestoreCounters
{
    private long files;
    private long bytes;
    private long filesWritten;
    private long bytesWritten;
    private long deleted;
    private long directories;
    private long links;

    /// <summary>Files looked at: equal already, or written.</summary>
    public long Files => Interlocked.Read(ref files);

    public long Bytes => Interlocked.Read(ref bytes);

    public long FilesWritten => Interlocked.Read(ref filesWritten);

    /// <summary>Fetched from the repository.</summary>
    public long BytesWritten => Interlocked.Read(ref bytesWritten);

    public long Deleted => Interlocked.Read(ref deleted);

    public long Directories => Interlocked.Read(ref directories);

    public long Links => Interlocked.Read(ref links);

    public void AddFile(long size)
    {
        Interlocked.Increment(ref files);
        Interlocked.Add(ref bytes, size);
    }

    public void AddWrittenFile() => Interlocked.Increment(ref filesWritten);

    public void AddWritten(long count) => Interlocked.Add(ref bytesWritten, count);

    public void AddDeleted(long count = 1) => Interlocked.Add(ref deleted, count);

    public void AddDirectory() => Interlocked.Increment(ref directories);

    public void AddLink() => Interlocked.Increment(ref links);
}
