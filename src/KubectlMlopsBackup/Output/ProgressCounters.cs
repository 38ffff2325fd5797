namespace KubectlMlopsBackup.Output;

/// <summary>
/// What many threads add to and one renderer reads. The fields are public for <see cref="Interlocked"/>;
/// each is right on its own, the set of them is only nearly of one instant.
/// </summary>
internal sealed class ProgressCounters
{
    public long FilesDone;

    /// <summary>0 while it is not known.</summary>
    public long FilesTotal;

    /// <summary>Bytes of the source (or target) that are dealt with, unchanged ones too.</summary>
    public long BytesDone;

    /// <summary>0 while it is not known.</summary>
    public long BytesTotal;

    /// <summary>Bytes written to the repository, after deduplication and compression.</summary>
    public long BytesStored;

    private volatile string? _phase;

    /// <summary>What is being done, in a word or two: "reading artifacts".</summary>
    public string? Phase
    {
        get => _phase;
        set => _phase = value;
    }

    public void AddFiles(long count) => Interlocked.Add(ref FilesDone, count);

    public void AddBytes(long count) => Interlocked.Add(ref BytesDone, count);

    public void AddStored(long count) => Interlocked.Add(ref BytesStored, count);

    public void AddTotals(long files, long bytes)
    {
        Interlocked.Add(ref FilesTotal, files);
        Interlocked.Add(ref BytesTotal, bytes);
    }

    /// <summary>Starts the next part of the work: all counters from zero. No thread may still add to the last part.</summary>
    public void Begin(string phase, long filesTotal = 0, long bytesTotal = 0)
    {
        Interlocked.Exchange(ref FilesDone, 0);
        Interlocked.Exchange(ref BytesDone, 0);
        Interlocked.Exchange(ref BytesStored, 0);
        Interlocked.Exchange(ref FilesTotal, filesTotal);
        Interlocked.Exchange(ref BytesTotal, bytesTotal);
        Phase = phase;
    }
}
