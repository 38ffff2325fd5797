using KubectlMlopsBackup.Repository.Storage;

namespace KubectlMlopsBackup.UnitTests.Repository;

/// <summary>A store that lets nothing go whose key begins so, as one with Object Lock does.</summary>
internal sealed class RetainingStore(IObjectStore inner, string prefix) : IObjectStore
{
    public string Location => inner.Location;

    public int Parallelism => inner.Parallelism;

    public IPendingObject Create() => inner.Create();

    public Task<int> ReadAsync(string key, long offset, Memory<byte> buffer, CancellationToken cancellationToken) =>
        inner.ReadAsync(key, offset, buffer, cancellationToken);

    public IAsyncEnumerable<StoredObject> ListAsync(string start, CancellationToken cancellationToken) =>
        inner.ListAsync(start, cancellationToken);

    public Task<long?> SizeAsync(string key, CancellationToken cancellationToken) => inner.SizeAsync(key, cancellationToken);

    public Task<DeleteOutcome> DeleteAsync(string key, CancellationToken cancellationToken) =>
        key.StartsWith(prefix, StringComparison.Ordinal)
            ? Task.FromResult(DeleteOutcome.Retained)
            : inner.DeleteAsync(key, cancellationToken);

    public long? FreeBytes() => inner.FreeBytes();

    public void Dispose()
    {
    }
}
