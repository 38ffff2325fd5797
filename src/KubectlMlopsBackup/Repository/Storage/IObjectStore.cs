namespace KubectlMlopsBackup.Repository.Storage;

/// <summary>
/// Where a repository's objects lie: a directory or an S3 prefix. Objects are written once and never changed.
/// Every implementation passes the same conformance suite. Implementations are safe for concurrent use.
/// </summary>
/// <remarks>
/// Keys are relative, made of <c>[a-z0-9./_-]</c>, such as <c>packs/3f/3f2a…</c>; no key is a prefix of
/// another followed by a slash. Transient faults are retried inside; what comes out is final:
/// <see cref="ObjectNotFoundException"/>, <see cref="UserError"/> for what the user can mend
/// (forbidden, bucket missing, disk full), <see cref="IOException"/> for the rest.
/// </remarks>
internal interface IObjectStore : IDisposable
{
    /// <summary>For messages: a path or <c>s3://bucket/prefix</c>. Never holds a secret.</summary>
    string Location { get; }

    /// <summary>How many requests at once make the store faster.</summary>
    int Parallelism { get; }

    /// <summary>Starts an object. Nothing is visible under any key until it is committed.</summary>
    IPendingObject Create();

    /// <summary>
    /// Fills <paramref name="buffer"/> from <paramref name="offset"/>.
    /// </summary>
    /// <returns>Bytes read: less than asked for only where the object ends.</returns>
    /// <exception cref="ObjectNotFoundException">No such object.</exception>
    Task<int> ReadAsync(string key, long offset, Memory<byte> buffer, CancellationToken cancellationToken);

    /// <summary>Every object whose key starts with <paramref name="prefix"/>, in no particular order.</summary>
    IAsyncEnumerable<StoredObject> ListAsync(string prefix, CancellationToken cancellationToken);

    /// <summary>The object's size in bytes, or null where there is none.</summary>
    Task<long?> SizeAsync(string key, CancellationToken cancellationToken);

    Task<DeleteOutcome> DeleteAsync(string key, CancellationToken cancellationToken);

    /// <summary>Free bytes for new objects, or null where that has no meaning (S3).</summary>
    long? FreeBytes();

    /// <summary>Bytes of the volume that the objects lie on, or null where that has no meaning (S3).</summary>
    long? TotalBytes() => null;
}
