namespace KubectlMlopsBackup.Repository.Storage;

/// <summary>An object on its way into a <see cref="DirectoryStore"/>: a file in <c>tmp/</c>, written without buffering.</summary>
internal sealed class PendingFile : IPendingObject
{
    private readonly DirectoryStore _store;
    private readonly string _path;
    private FileStream? _file;
    private bool _moved;

    /// <param name="store">Where it goes.</param>
    /// <param name="path">A fresh name in the same file system as its final place.</param>
    public PendingFile(DirectoryStore store, string path)
    {
        _store = store;
        _path = path;
        var options = new FileStreamOptions
        {
            Mode = FileMode.CreateNew,
            Access = FileAccess.Write,
            // No advisory lock: there is none to be had on some network file systems.
            Share = FileShare.ReadWrite | FileShare.Delete,
            BufferSize = 0,
        };
        if (!OperatingSystem.IsWindows())
        {
            options.UnixCreateMode = DirectoryStore.FileMode;
        }

        _file = new FileStream(path, options);
    }

    public long Length { get; private set; }

    public void Append(ReadOnlySpan<byte> data)
    {
        ObjectDisposedException.ThrowIf(_file is null, this);
        try
        {
            _file.Write(data);
        }
        catch (Exception failure) when (_store.Explain(failure, "writing to") is { } explained)
        {
            throw explained;
        }

        Length += data.Length;
    }

    public async Task CommitAsync(string key, ReadOnlyMemory<byte> sha256, CancellationToken cancellationToken)
    {
        ObjectKey.Check(key);
        ObjectDisposedException.ThrowIf(_file is null, this);
        cancellationToken.ThrowIfCancellationRequested();

        // Syncing blocks for as long as the disk takes.
        await Task.Run(() => Commit(key, cancellationToken), cancellationToken);
    }

    public ValueTask DisposeAsync()
    {
        _file?.Dispose();
        _file = null;
        if (!_moved)
        {
            _moved = true;
            DirectoryStore.TryDelete(_path);
        }

        return ValueTask.CompletedTask;
    }

    private void Commit(string key, CancellationToken cancellationToken)
    {
        try
        {
            // Data before name: a name that survives a power cut has all its bytes.
            _file!.Flush(flushToDisk: true);
            _file.Dispose();
            _file = null;
            cancellationToken.ThrowIfCancellationRequested();
            _moved = _store.Publish(_path, key, Length);
        }
        catch (Exception failure) when (_store.Explain(failure, "writing to") is { } explained)
        {
            throw explained;
        }
    }
}
