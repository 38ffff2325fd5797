using System.Runtime.CompilerServices;
using KubectlMlopsBackup.Repository.Storage;

namespace KubectlMlopsBackup.Testing;

/// <summary>A store that fails where it is told to.</summary>
/// <param name="inner">The store that is hurt. Not disposed, so that it can be looked at after a crash.</param>
/// <param name="decide">Asked before each call, one at a time.</param>
internal sealed class FaultyStore(IObjectStore inner, Func<StoreCall, StoreFault> decide) : IObjectStore
{
    private readonly Lock _lock = new();
    private readonly int[] _counts = new int[Enum.GetValues<StoreOperation>().Length];
    private int _total;

    public string Location => inner.Location;

    public int Parallelism => inner.Parallelism;

    /// <summary>Set by a crash; may be set from outside to cut the store off.</summary>
    public bool Crashed { get; set; }

    /// <summary>All calls so far.</summary>
    public int Calls => _total;

    public IPendingObject Create()
    {
        var fault = Next(StoreOperation.Create, "");
        var pending = new Pending(this, inner.Create());
        After(fault);
        return pending;
    }

    public async Task<int> ReadAsync(string key, long offset, Memory<byte> buffer, CancellationToken cancellationToken)
    {
        var fault = Next(StoreOperation.Read, key);
        var read = await inner.ReadAsync(key, offset, buffer, cancellationToken);
        After(fault);
        switch (fault)
        {
            case StoreFault.Truncate:
                buffer.Span[(read / 2)..read].Clear();
                return read / 2;
            case StoreFault.FlipBit when read > 0:
                buffer.Span[read / 2] ^= 1;
                return read;
            default:
                return read;
        }
    }

    public async IAsyncEnumerable<StoredObject> ListAsync(
        string prefix, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var fault = Next(StoreOperation.List, prefix);
        await foreach (var found in inner.ListAsync(prefix, cancellationToken))
        {
            yield return found;
        }

        After(fault);
    }

    public async Task<long?> SizeAsync(string key, CancellationToken cancellationToken)
    {
        var fault = Next(StoreOperation.Size, key);
        var size = await inner.SizeAsync(key, cancellationToken);
        After(fault);
        return size;
    }

    public async Task<DeleteOutcome> DeleteAsync(string key, CancellationToken cancellationToken)
    {
        var fault = Next(StoreOperation.Delete, key);
        var outcome = await inner.DeleteAsync(key, cancellationToken);
        After(fault);
        return outcome;
    }

    public long? FreeBytes() => inner.FreeBytes();

    public void Dispose()
    {
    }

    private StoreFault Next(StoreOperation operation, string key)
    {
        lock (_lock)
        {
            if (Crashed)
            {
                throw new InjectedFaultException($"after the crash: {operation} {key}");
            }

            var fault = decide(new StoreCall(operation, key, ++_counts[(int)operation], ++_total));
            Crashed = fault == StoreFault.Crash;
            return fault is StoreFault.Crash or StoreFault.ThrowBefore
                ? throw new InjectedFaultException($"{fault}: {operation} {key}")
                : fault;
        }
    }

    private void After(StoreFault fault)
    {
        if (fault is StoreFault.ThrowAfter or StoreFault.CrashAfter)
        {
            Crashed |= fault == StoreFault.CrashAfter;
            throw new InjectedFaultException($"{fault}");
        }
    }

    private sealed class Pending(FaultyStore store, IPendingObject inner) : IPendingObject
    {
        public long Length => inner.Length;

        public void Append(ReadOnlySpan<byte> data)
        {
            var fault = store.Next(StoreOperation.Append, "");
            inner.Append(data);
            store.After(fault);
        }

        public async Task CommitAsync(string key, ReadOnlyMemory<byte> sha256, CancellationToken cancellationToken)
        {
            var fault = store.Next(StoreOperation.Commit, key);
            await inner.CommitAsync(key, sha256, cancellationToken);
            store.After(fault);
        }

        /// <summary>A dead process cleans nothing up.</summary>
        public ValueTask DisposeAsync() => store.Crashed ? ValueTask.CompletedTask : inner.DisposeAsync();
    }
}
