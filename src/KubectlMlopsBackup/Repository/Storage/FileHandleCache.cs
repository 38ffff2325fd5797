using Microsoft.Win32.SafeHandles;

namespace KubectlMlopsBackup.Repository.Storage;

/// <summary>
/// The files read last, kept open: a restore reads a pack in many ranges. A handle that is in use is closed only
/// after its last reader returned it.
/// </summary>
internal sealed class FileHandleCache(int capacity) : IDisposable
{
    private readonly Lock _lock = new();
    private readonly Dictionary<string, LinkedListNode<Entry>> _byPath = new(StringComparer.Ordinal);
    private readonly LinkedList<Entry> _recent = new();
    private bool _disposed;

    /// <summary>Give it back with <see cref="Return"/>.</summary>
    public Entry Rent(string path)
    {
        lock (_lock)
        {
            ObjectDisposedException.ThrowIf(_disposed, this);
            if (_byPath.TryGetValue(path, out var node))
            {
                _recent.Remove(node);
                _recent.AddFirst(node);
                node.Value.Users++;
                return node.Value;
            }
        }

        // Opened outside the lock: it may wait for a network file system. Two readers at once open it twice, no harm.
        var handle = File.OpenHandle(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
        var entry = new Entry(path, handle) { Users = 1 };
        lock (_lock)
        {
            if (_disposed || _byPath.ContainsKey(path))
            {
                entry.Forgotten = true;
                return entry;
            }

            _byPath.Add(path, _recent.AddFirst(entry));
            if (_recent.Count > capacity)
            {
                Forget(_recent.Last!);
            }
        }

        return entry;
    }

    public void Return(Entry entry)
    {
        lock (_lock)
        {
            entry.Users--;
            CloseIfUnused(entry);
        }
    }

    /// <summary>The file was deleted: the next reader shall see it.</summary>
    public void Forget(string path)
    {
        lock (_lock)
        {
            if (_byPath.TryGetValue(path, out var node))
            {
                Forget(node);
            }
        }
    }

    public void Dispose()
    {
        lock (_lock)
        {
            _disposed = true;
            while (_recent.Last is { } node)
            {
                Forget(node);
            }
        }
    }

    private void Forget(LinkedListNode<Entry> node)
    {
        _recent.Remove(node);
        _byPath.Remove(node.Value.Path);
        node.Value.Forgotten = true;
        CloseIfUnused(node.Value);
    }

    private static void CloseIfUnused(Entry entry)
    {
        if (entry is { Forgotten: true, Users: 0 })
        {
            entry.Handle.Dispose();
        }
    }

    internal sealed class Entry(string path, SafeFileHandle handle)
    {
        public string Path { get; } = path;

        public SafeFileHandle Handle { get; } = handle;

        internal int Users { get; set; }

        internal bool Forgotten { get; set; }
    }
}
