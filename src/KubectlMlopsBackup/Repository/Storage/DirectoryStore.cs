using System.Collections.Concurrent;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace KubectlMlopsBackup.Repository.Storage;

/// <summary>
/// A repository in a directory: a key is a path below <paramref name="path"/>. Objects are written in <c>tmp/</c>,
/// synced, and moved onto their name in one step that never replaces. Files are 0600 and folders 0700, because an
/// unencrypted repository holds a database that other users of the machine may not be allowed to read.
/// </summary>
/// <param name="path">Made by the first write where it is missing, never by a read.</param>
internal sealed class DirectoryStore(string path) : IObjectStore
{
    public const UnixFileMode FileMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
    private const UnixFileMode FolderMode = FileMode | UnixFileMode.UserExecute;
    private const string TemporaryFolder = "tmp";
    private const int OpenFiles = 32;
    private const int CancelCheckEvery = 256;

    /// <summary>Longer than any single object takes to be written, so another process' object is never taken away.</summary>
    private static readonly TimeSpan StaleAfter = TimeSpan.FromHours(24);

    private readonly string _root = Path.TrimEndingDirectorySeparator(Path.GetFullPath(path));
    private readonly FileHandleCache _handles = new(OpenFiles);

    /// <summary>Folders that exist and whose names are durable.</summary>
    private readonly ConcurrentDictionary<string, bool> _durable = new(StringComparer.Ordinal);

    public string Location => _root;

    public int Parallelism { get; } = Math.Max(2, Environment.ProcessorCount);

    public IPendingObject Create()
    {
        var folder = Path.Combine(_root, TemporaryFolder);
        try
        {
            for (var again = false; ; again = true)
            {
                EnsureFolder(folder);
                try
                {
                    return new PendingFile(this, Path.Combine(folder, Guid.NewGuid().ToString("n")));
                }
                catch (DirectoryNotFoundException) when (!again)
                {
                    _durable.Clear();
                }
            }
        }
        catch (Exception failure) when (Explain(failure, "writing to") is { } explained)
        {
            throw explained;
        }
    }

    /// <remarks>Waits in the call: a file on a disk is read by a thread that waits in any case, and handing it to one costs more.</remarks>
    public Task<int> ReadAsync(string key, long offset, Memory<byte> buffer, CancellationToken cancellationToken)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(offset);
        var file = PathOf(key);
        FileHandleCache.Entry? entry = null;
        try
        {
            entry = _handles.Rent(file);
            var read = 0;
            while (read < buffer.Length)
            {
                cancellationToken.ThrowIfCancellationRequested();
                var count = RandomAccess.Read(entry.Handle, buffer.Span[read..], offset + read);
                if (count == 0)
                {
                    break;
                }

                read += count;
            }

            return Task.FromResult(read);
        }
        catch (Exception failure) when (IsMissing(failure, file))
        {
            throw new ObjectNotFoundException(Location, key);
        }
        catch (Exception failure) when (Explain(failure, $"reading {key} of") is { } explained)
        {
            throw explained;
        }
        finally
        {
            if (entry is not null)
            {
                _handles.Return(entry);
            }
        }
    }

    public async IAsyncEnumerable<StoredObject> ListAsync(
        string prefix, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        ObjectKey.CheckPrefix(prefix);
        cancellationToken.ThrowIfCancellationRequested();
        await Task.Yield();
        var folder = Path.Combine(_root, prefix[..(prefix.LastIndexOf('/') + 1)]);
        using var files = OpenFolder(folder, prefix);
        for (var seen = 1; MoveNext(files); seen++)
        {
            if (seen % CancelCheckEvery == 0)
            {
                cancellationToken.ThrowIfCancellationRequested();
            }

            var found = files.Current;
            // A file that vanished after its name was read has no size any more.
            if (found.Size > 0 || File.Exists(PathOf(found.Key)))
            {
                yield return found;
            }
        }
    }

    public Task<long?> SizeAsync(string key, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        try
        {
            return Task.FromResult(SizeOf(PathOf(key)));
        }
        catch (Exception failure) when (Explain(failure, $"looking for {key} in") is { } explained)
        {
            throw explained;
        }
    }

    public Task<DeleteOutcome> DeleteAsync(string key, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        var file = PathOf(key);
        try
        {
            if (SizeOf(file) is null)
            {
                return Task.FromResult(DeleteOutcome.NotFound);
            }

            _handles.Forget(file);
            File.Delete(file);
            // Durable before the next deletion: a snapshot must not come back after its packs are gone.
            SyncFolder(Path.GetDirectoryName(file)!);
        }
        catch (Exception failure) when (Explain(failure, $"deleting {key} from") is { } explained)
        {
            throw explained;
        }

        return Task.FromResult(DeleteOutcome.Deleted);
    }

    public long? FreeBytes() => Volume()?.AvailableFreeSpace;

    public long? TotalBytes() => Volume()?.TotalSize;

    /// <summary>Null where nothing can be said of it.</summary>
    private DriveInfo? Volume()
    {
        // Before the first write the repository's folder may be missing; its volume is that of the nearest parent.
        var folder = _root;
        while (!Directory.Exists(folder) && Path.GetDirectoryName(folder) is { } parent)
        {
            folder = parent;
        }

        try
        {
            var volume = new DriveInfo(OperatingSystem.IsWindows() ? Path.GetPathRoot(folder)! : folder);
            // It is only now that the volume is asked, and may refuse to answer.
            return volume.AvailableFreeSpace >= 0 ? volume : null;
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }

    /// <summary>Removes what crashed writers left in <c>tmp/</c> more than a day ago.</summary>
    /// <returns>How many files were removed.</returns>
    public int RemoveStaleTemporaries(TimeProvider time)
    {
        var folder = new DirectoryInfo(Path.Combine(_root, TemporaryFolder));
        if (!folder.Exists)
        {
            return 0;
        }

        var limit = time.GetUtcNow() - StaleAfter;
        return folder.EnumerateFiles().Count(file => file.LastWriteTimeUtc < limit && TryDelete(file.FullName));
    }

    public void Dispose() => _handles.Dispose();

    internal static bool TryDelete(string file)
    {
        try
        {
            File.Delete(file);
            return true;
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            return false;
        }
    }

    internal UserError? Explain(Exception failure, string doing) =>
        DirectoryErrors.Explain(failure, _root, doing, failure is IOException ? FreeBytes() : null);

    /// <summary>Moves a finished temporary file onto its key.</summary>
    /// <returns>False where the object was there already; the temporary file is then left.</returns>
    internal bool Publish(string temporary, string key, long size)
    {
        var target = PathOf(key);
        var folder = Path.GetDirectoryName(target)!;
        for (var again = false; ; again = true)
        {
            EnsureFolder(folder);
            var error = Move(temporary, target);
            if (error == UnixFile.NotFound && !again)
            {
                // Somebody removed the empty folder since it was last seen.
                _durable.Clear();
                continue;
            }

            if (error is not (0 or UnixFile.Exists))
            {
                throw Failure(error, target);
            }

            if (error == UnixFile.Exists && SizeOf(target) != size)
            {
                throw new ObjectConflictException(Location, key);
            }

            // Also where another writer was faster: it may not have come to this yet.
            SyncFolder(folder);
            return error == 0;
        }
    }

    private static int Move(string from, string to)
    {
        if (!OperatingSystem.IsWindows())
        {
            return UnixFile.MoveNoReplace(from, to);
        }

        try
        {
            File.Move(from, to, overwrite: false);
            return 0;
        }
        catch (IOException) when (File.Exists(to))
        {
            return UnixFile.Exists;
        }
    }

    private static Exception Failure(int error, string target)
    {
        var failure = new IOException($"cannot create {target}: {Marshal.GetPInvokeErrorMessage(error)}", error);
        return error is UnixFile.PermissionDenied or UnixFile.AccessDenied
            ? new UnauthorizedAccessException(failure.Message, failure)
            : failure;
    }

    private static long? SizeOf(string file)
    {
        var info = new FileInfo(file);
        if (info.Exists)
        {
            return info.Length;
        }

        try
        {
            // "Exists" is false, too, where looking is forbidden; this tells the two apart.
            _ = info.Attributes;
        }
        catch (Exception failure) when (failure is FileNotFoundException or DirectoryNotFoundException)
        {
        }

        return null;
    }

    private static bool IsMissing(Exception failure, string file) => failure switch
    {
        FileNotFoundException or DirectoryNotFoundException => true,
        // What .NET says when asked to open a folder.
        UnauthorizedAccessException => Directory.Exists(file),
        _ => false,
    };

    private static void SyncFolder(string folder)
    {
        if (!OperatingSystem.IsWindows())
        {
            UnixFile.SyncFolder(folder);
        }
    }

    private string PathOf(string key)
    {
        ObjectKey.Check(key);
        return Path.Combine(_root, key);
    }

    /// <summary>Makes a folder and every missing parent, so that a power cut cannot take one of them away again.</summary>
    private void EnsureFolder(string folder)
    {
        if (_durable.ContainsKey(folder))
        {
            return;
        }

        var parent = Path.GetDirectoryName(folder);
        if (parent is not null && (folder.Length > _root.Length || !Directory.Exists(folder)))
        {
            EnsureFolder(parent);
            if (OperatingSystem.IsWindows())
            {
                Directory.CreateDirectory(folder);
            }
            else
            {
                Directory.CreateDirectory(folder, FolderMode);
            }

            // Even where it was there: the process that made it may have died before it synced.
            SyncFolder(parent);
        }

        _durable[folder] = true;
    }

    private ObjectFileEnumerator OpenFolder(string folder, string prefix)
    {
        try
        {
            return new ObjectFileEnumerator(folder, _root, prefix);
        }
        catch (Exception failure) when (Explain(failure, "listing") is { } explained)
        {
            throw explained;
        }
    }

    private bool MoveNext(ObjectFileEnumerator files)
    {
        try
        {
            return files.MoveNext();
        }
        catch (Exception failure) when (Explain(failure, "listing") is { } explained)
        {
            throw explained;
        }
    }
}
