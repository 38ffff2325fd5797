using KubectlMlopsBackup.Repository.Writing;

namespace KubectlMlopsBackup.Repository.Mirroring;

/// <summary>Figures of a running mirror, for one that watches.</summary>
internal sealed class MirrorCounters
{
    private RepositoryWriter? writer;
    private long bytesBefore;
    private int snapshots;
    private int wanted;

    /// <summary>Snapshots that are copied.</summary>
    public int Snapshots => Volatile.Read(ref snapshots);

    /// <summary>Snapshots to copy; 0 until it is known.</summary>
    public int Wanted => Volatile.Read(ref wanted);

    /// <summary>Content bytes that the target did not have.</summary>
    public long Bytes => Interlocked.Read(ref bytesBefore) + (Volatile.Read(ref writer)?.NewBytes ?? 0);

    public void Start(int count) => Volatile.Write(ref wanted, count);

    public void AddSnapshot() => Interlocked.Increment(ref snapshots);

    /// <summary>The next snapshot is copied by this writer.</summary>
    public void Begin(RepositoryWriter next)
    {
        Interlocked.Add(ref bytesBefore, Volatile.Read(ref writer)?.NewBytes ?? 0);
        Volatile.Write(ref writer, next);
    }
}
