namespace KubectlMlopsBackup.Repository;

/// <summary>Takes the files of a snapshot that is being written, from a source that streams them.</summary>
internal interface ISnapshotSink
{
    /// <summary>
    /// Stores one file. Files may come in any order and several at once; the snapshot lists them by path.
    /// </summary>
    /// <param name="path">Path inside the snapshot, with forward slashes.</param>
    /// <param name="content">Read to its end. An exception from it fails the snapshot.</param>
    /// <param name="cancellationToken">Stops it.</param>
    /// <returns>The file's size in bytes.</returns>
    Task<StoredFile> WriteFileAsync(string path, Stream content, CancellationToken cancellationToken);
}

/// <param name="Size">In bytes.</param>
internal readonly record struct StoredFile(long Size);
