using KubectlMlopsBackup.Repository.Storage;

namespace KubectlMlopsBackup.UnitTests.Sources.Artifacts;

/// <summary>Takes everything and keeps nothing.</summary>
internal sealed class DiscardingStore : IObjectStore
{
    public string Location => "nowhere";

    public int Parallelism => 2;

    public IPendingObject Create() => new Pending();

    public Task<int> ReadAsync(string key, long offset, Memory<byte> buffer, CancellationToken cancellationToken) =>
        throw new ObjectNotFoundException(Location, key);

    public async IAsyncEnumerable<StoredObject> ListAsync(
        string prefix, [System.Runtime.CompilerServices.EnumeratorCancellation] CancellationToken cancellationToken)
    {
        await Task.Yield();
        yield break;
    }

    public Task<long?> SizeAsync(string key, CancellationToken cancellationToken) => Task.FromResult<long?>(null);

    public Task<DeleteOutcome> DeleteAsync(string key, CancellationToken cancellationToken) => Task.FromResult(DeleteOutcome.NotFound);

    public long? FreeBytes() => null;

    public void Dispose()
    {
    }

    private sealed class Pending : IPendingObject
    {
        public long Length { get; private set; }

        public void Append(ReadOnlySpan<byte> data) => Length += data.Length;

        public Task CommitAsync(string key, ReadOnlyMemory<byte> sha256, CancellationToken cancellationToken) => Task.CompletedTask;

        public ValueTask DisposeAsync() => default;
    }
}
