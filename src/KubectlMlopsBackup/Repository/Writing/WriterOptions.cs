namespace KubectlMlopsBackup.Repository.Writing;

internal sealed record WriterOptions
{
    public static WriterOptions Default { get; } = new();

    public CompressionLevel Compression { get; init; } = CompressionLevel.Fast;

    /// <summary>Threads that hash, compress and encrypt.</summary>
    public int Encoders { get; init; } = Environment.ProcessorCount;

    /// <summary>
    /// A pack is closed when it has this many bytes. Large enough that a request costs little beside its bytes,
    /// small enough to be held in memory a few times while it is sent.
    /// </summary>
    public int PackSize { get; init; } = 24 << 20;

    /// <summary>Packs being made durable at once.</summary>
    public int CommitsAtOnce { get; init; } = 3;

    /// <summary>Packs after which an index is written, so that a run that is cut off need not begin anew.</summary>
    public int PacksPerIndex { get; init; } = 64;
}
