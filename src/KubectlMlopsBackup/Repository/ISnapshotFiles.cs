namespace KubectlMlopsBackup.Repository;

/// <summary>The files of a snapshot, for a source that streams them back.</summary>
internal interface ISnapshotFiles
{
    /// <summary>
    /// Opens one file for one forward read. Every chunk is checked against its hash before a byte of it is handed out.
    /// </summary>
    /// <exception cref="FileNotFoundException">The snapshot has no such file.</exception>
    Task<Stream> OpenAsync(string path, CancellationToken cancellationToken);

    /// <summary>Size of a file in bytes, or null where the snapshot has none of that path.</summary>
    long? SizeOf(string path);
}
