using System.Collections.Concurrent;
using System.Runtime.CompilerServices;
using System.Security.Cryptography;
using KubectlMlopsBackup.Repository.Storage;

namespace KubectlMlopsBackup.Testing;

/// <summary>The model of a store: as simple as can be, and open to damage.</summary>
internal sealed class MemoryStore : IObjectStore
{
    private readonly ConcurrentDictionary<string, byte[]> _objects = new(StringComparer.Ordinal);

    public string Location => "memory";

    public int Parallelism => 2;

    /// <summary>What <see cref="FreeBytes"/> says.</summary>
    public long? Free { get; set; }

    public IReadOnlyDictionary<string, byte[]> Objects => _objects;

    public IPendingObject Create() => new Pending(this);

    public Task<int> ReadAsync(string key, long offset, Memory<byte> buffer, CancellationToken cancellationToken)
    {
        ObjectKey.Check(key);
        ArgumentOutOfRangeException.ThrowIfNegative(offset);
        cancellationToken.ThrowIfCancellationRequested();
        if (!_objects.TryGetValue(key, out var content))
        {
            throw new ObjectNotFoundException(Location, key);
        }

        var rest = content.AsMemory((int)Math.Min(offset, content.Length));
        var count = Math.Min(rest.Length, buffer.Length);
        rest[..count].CopyTo(buffer);
        return Task.FromResult(count);
    }

    public async IAsyncEnumerable<StoredObject> ListAsync(
        string prefix, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        ObjectKey.CheckPrefix(prefix);
        cancellationToken.ThrowIfCancellationRequested();
        await Task.Yield();
        foreach (var (key, content) in _objects)
        {
            if (key.StartsWith(prefix, StringComparison.Ordinal))
            {
                yield return new StoredObject(key, content.Length);
            }
        }
    }

    public Task<long?> SizeAsync(string key, CancellationToken cancellationToken)
    {
        ObjectKey.Check(key);
        cancellationToken.ThrowIfCancellationRequested();
        return Task.FromResult<long?>(_objects.TryGetValue(key, out var content) ? content.Length : null);
    }

    public Task<DeleteOutcome> DeleteAsync(string key, CancellationToken cancellationToken)
    {
        ObjectKey.Check(key);
        cancellationToken.ThrowIfCancellationRequested();
        return Task.FromResult(_objects.TryRemove(key, out _) ? DeleteOutcome.Deleted : DeleteOutcome.NotFound);
    }

    public long? FreeBytes() => Free;

    /// <summary>Replaces an object's content behind everyone's back; null removes it.</summary>
    public void Tamper(string key, Func<byte[], byte[]?> change)
    {
        if (change((byte[])_objects[key].Clone()) is { } changed)
        {
            _objects[key] = changed;
        }
        else
        {
            _objects.TryRemove(key, out _);
        }
    }

    /// <summary>An independent copy.</summary>
    public MemoryStore Clone()
    {
        var copy = new MemoryStore { Free = Free };
        foreach (var (key, content) in _objects)
        {
            copy._objects[key] = content;
        }

        return copy;
    }

    public void Dispose()
    {
    }

    private sealed class Pending(MemoryStore store) : IPendingObject
    {
        private MemoryStream? _content = new();

        public long Length { get; private set; }

        public void Append(ReadOnlySpan<byte> data)
        {
            ObjectDisposedException.ThrowIf(_content is null, this);
            _content.Write(data);
            Length = _content.Length;
        }

        public Task CommitAsync(string key, ReadOnlyMemory<byte> sha256, CancellationToken cancellationToken)
        {
            ObjectKey.Check(key);
            ObjectDisposedException.ThrowIf(_content is null, this);
            cancellationToken.ThrowIfCancellationRequested();
            var content = _content.ToArray();
            if (!SHA256.HashData(content).AsSpan().SequenceEqual(sha256.Span))
            {
                throw new IOException($"{key} does not have the SHA-256 that was announced");
            }

            _content = null;
            var kept = store._objects.GetOrAdd(key, content);
            return kept.Length == content.Length
                ? Task.CompletedTask
                : throw new ObjectConflictException(store.Location, key);
        }

        public ValueTask DisposeAsync()
        {
            _content = null;
            return ValueTask.CompletedTask;
        }
    }
}
