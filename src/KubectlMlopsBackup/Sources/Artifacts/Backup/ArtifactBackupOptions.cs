namespace KubectlMlopsBackup.Sources.Artifacts.Backup;

internal sealed record ArtifactBackupOptions
{
    /// <summary>Name of the plan.</summary>
    public required string Plan { get; init; }

    /// <summary>Read files that did not change, too.</summary>
    public bool ForceRead { get; init; }

    /// <summary>A backup without a single file is good. Otherwise it is a volume that was not mounted.</summary>
    public bool AllowEmpty { get; init; }

    /// <summary>It is good as long as no snapshot before it had a file.</summary>
    public bool AllowEmptyAtFirst { get; init; }

    /// <summary>The moment the data is of, where it was copied earlier; null for now.</summary>
    public DateTimeOffset? Time { get; init; }

    /// <summary>What the snapshot says it was read from; null for the source's own description.</summary>
    public string? Source { get; init; }

    /// <summary>Files being read at once.</summary>
    public int Readers { get; init; } = DiskReaders;

    private static int DiskReaders => Math.Clamp(Environment.ProcessorCount, 2, 8);

    /// <summary>Over a network a reader waits for most of its time, so there are more of them.</summary>
    public static int ReadersFor(IArtifactSource source) =>
        source.SmallReadsAtOnce == 1 ? DiskReaders : Math.Max(DiskReaders, 6);
}
