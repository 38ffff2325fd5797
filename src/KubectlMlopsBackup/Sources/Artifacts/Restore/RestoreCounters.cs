using KubectlMlopsBackup.Repository.Trees;

namespace KubectlMlopsBackup.Sources.Artifacts.Restore;

/// <summary>Figures of a running restore, counted by many threads. Sizes are bytes.</summary>
internal sealed class RestoreCounters
{
    /// <summary>Differing entries that are kept by name.</summary>
    public const int MaxDiffering = 100;

    private readonly Lock gate = new();
    private readonly List<string> differing = [];
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

    /// <summary>A comparison found it not to be as in the snapshot.</summary>
    public void AddDifferent(TreeEntry entry)
    {
        AddWrittenFile();
        AddWritten(entry.Size);
        lock (gate)
        {
            if (differing.Count < MaxDiffering)
            {
                differing.Add(TreePath.Escape(entry.Path));
            }
        }
    }

    /// <summary>The first that were found, in the order of their names.</summary>
    public IReadOnlyList<string> Differing()
    {
        lock (gate)
        {
            return [.. differing.Order(StringComparer.Ordinal)];
        }
    }

    public void AddWrittenFile() => Interlocked.Increment(ref filesWritten);

    public void AddWritten(long count) => Interlocked.Add(ref bytesWritten, count);

    public void AddDeleted(long count = 1) => Interlocked.Add(ref deleted, count);

    public void AddDirectory() => Interlocked.Increment(ref directories);

    public void AddLink() => Interlocked.Increment(ref links);
}
