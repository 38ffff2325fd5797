namespace KubectlMlopsBackup.Output;

/// <summary>The counters at one moment, with what follows from them.</summary>
/// <param name="FilesTotal">Null while it is not known.</param>
/// <param name="BytesTotal">Null while it is not known.</param>
/// <param name="BytesPerSecond">Over the last seconds; at the end, over the whole phase.</param>
/// <param name="Elapsed">Since the phase began.</param>
/// <param name="Remaining">Null where nothing can be said.</param>
internal sealed record ProgressSnapshot(
    string? Phase,
    long FilesDone,
    long? FilesTotal,
    long BytesDone,
    long? BytesTotal,
    long BytesStored,
    double BytesPerSecond,
    TimeSpan Elapsed,
    TimeSpan? Remaining)
{
    /// <summary>From 0 to 1, or null where the total is not known. By bytes, or by files where bytes are not counted.</summary>
    public double? Part => BytesTotal is > 0 and { } bytes ? Math.Clamp((double)BytesDone / bytes, 0, 1)
        : FilesTotal is > 0 and { } files ? Math.Clamp((double)FilesDone / files, 0, 1)
        : null;
}
