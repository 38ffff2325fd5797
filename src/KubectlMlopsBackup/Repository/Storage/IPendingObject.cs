namespace KubectlMlopsBackup.Repository.Storage;

/// <summary>
/// An object being written. Disposing it without a commit drops it and leaves nothing visible.
/// One thread at a time.
/// </summary>
internal interface IPendingObject : IAsyncDisposable
{
    /// <summary>Bytes appended so far.</summary>
    long Length { get; }

    /// <exception cref="UserError">The disk is full.</exception>
    void Append(ReadOnlySpan<byte> data);

    /// <summary>
    /// Makes the object durable and visible under <paramref name="key"/>, all or nothing. An existing key is never
    /// overwritten: where it has the same size (keys are hashes, so it is the same object) this succeeds,
    /// otherwise it throws <see cref="ObjectConflictException"/>.
    /// </summary>
    /// <param name="key">Where it is to lie.</param>
    /// <param name="sha256">The 32-byte SHA-256 of all that was appended; the store checks it where it can.</param>
    /// <param name="cancellationToken">Cancelled before the commit: nothing is visible.</param>
    Task CommitAsync(string key, ReadOnlyMemory<byte> sha256, CancellationToken cancellationToken);
}
