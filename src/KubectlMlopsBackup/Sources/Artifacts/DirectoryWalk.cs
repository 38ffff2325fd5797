using KubectlMlopsBackup.Repository.Shares;
using KubectlMlopsBackup.Repository.Trees;
using KubectlMlopsBackup.Sources.Artifacts.Posix;

namespace KubectlMlopsBackup.Sources.Artifacts;

/// <summary>Walks a folder in the order of a tree. Follows no link and leaves the folder by no way.</summary>
internal sealed class DirectoryWalk(Descriptor root, PathFilter filter, PathShare? share, TimeProvider clock)
{
    /// <summary>
    /// A file that changed this recently may change again without its times telling (they have the kernel's
    /// tick): it gets no stamp, and is read again next time.
    /// </summary>
    private static readonly TimeSpan TooRecent = TimeSpan.FromSeconds(1);

    public IEnumerable<SourceItem> Run()
    {
        var status = root.Status();
        if (share?.Contains([]) != false)
        {
            yield return new SourceItem { Entry = Entry(EntryType.Directory, [], status) };
        }

        var open = new Stack<Level>();
        try
        {
            open.Push(new Level(root, [], ListRoot(), Owned: false));
            while (open.TryPeek(out var level))
            {
                if (level.Next == level.Names.Count)
                {
                    open.Pop().Close();
                    continue;
                }

                var index = level.Next++;
                var path = Join(level.Path, level.Names.Name(index));
                if (filter.Excludes(path) || RestoreFolder.Is(path))
                {
                    continue;
                }

                var takes = share?.Takes(path) != false;
                var enters = share?.Enters(path) != false && level.Names.IsDirectory(index);
                if (!takes && !enters)
                {
                    continue;
                }

                var item = Look(level, index, path);
                if (takes || item.Problem is not null)
                {
                    // A folder that cannot be looked into is told by every share that has a part of it.
                    yield return item;
                }

                if (enters && item is { Problem: null, Entry.Type: EntryType.Directory })
                {
                    var problem = Enter(open, level, index, path);
                    if (problem is not null)
                    {
                        yield return item with { Problem = problem };
                    }
                }
            }
        }
        finally
        {
            while (open.TryPop(out var level))
            {
                level.Close();
            }
        }
    }

    private DirectoryListing ListRoot()
    {
        try
        {
            return DirectoryListing.Read(root);
        }
        catch (PosixException e)
        {
            throw new UserError(
                $"the artifacts folder cannot be listed: {e.Reason}",
                "give the user that this runs as the right to read it",
                inner: e);
        }
    }

    private static string? Enter(Stack<Level> open, Level level, int index, byte[] path)
    {
        Descriptor? child = null;
        try
        {
            child = level.Directory.OpenDirectory(level.Names.Name(index));
            open.Push(new Level(child, path, DirectoryListing.Read(child), Owned: true));
            return null;
        }
        catch (PosixException e)
        {
            child?.Dispose();
            return e.IsNotFound ? "vanished while it was read" : $"cannot be listed: {e.Reason}";
        }
    }

    private SourceItem Look(Level level, int index, byte[] path)
    {
        var name = level.Names.Name(index);
        try
        {
            var status = level.Directory.StatusOf(name);
            if (status.IsDirectory != level.Names.IsDirectory(index))
            {
                return Problem(path, "changed its type while it was read");
            }

            if (status.IsDirectory)
            {
                return new SourceItem { Entry = Entry(EntryType.Directory, path, status) };
            }

            if (status.IsSymbolicLink)
            {
                var target = level.Directory.ReadLink(name);
                return new SourceItem { Entry = Entry(EntryType.SymbolicLink, path, status) with { Target = target } };
            }

            return status.IsRegular
                ? File(path, status)
                : Problem(path, "is a pipe, socket or device, which has no content to back up");
        }
        catch (PosixException e)
        {
            return Problem(path, e.IsNotFound ? "vanished while it was read" : $"cannot be read: {e.Reason}");
        }
    }

    private SourceItem File(byte[] path, in FileStatus status)
    {
        var entry = Entry(EntryType.File, path, status) with { Size = status.Size };
        var changed = DateTimeOffset.FromUnixTimeSeconds(status.Changed.Seconds);
        return new SourceItem
        {
            Entry = clock.GetUtcNow() - changed > TooRecent ? entry with { Stamp = status.Stamp } : entry,
            Identity = status.LinkCount > 1 ? (status.Device, status.Inode) : null,
            Sparse = status.Blocks * 512 < status.RawSize,
        };
    }

    private static SourceItem Problem(byte[] path, string reason) =>
        new() { Entry = new TreeEntry { Type = EntryType.File, Path = path }, Problem = reason };

    private static TreeEntry Entry(EntryType type, byte[] path, in FileStatus status) =>
        new()
        {
            Type = type,
            Path = path,
            Mode = status.Permissions,
            Uid = status.Uid,
            Gid = status.Gid,
            ModifiedNanoseconds = status.Modified.TotalNanoseconds,
        };

    private static byte[] Join(byte[] folder, ReadOnlySpan<byte> name)
    {
        if (folder.Length == 0)
        {
            return name.ToArray();
        }

        var path = new byte[folder.Length + 1 + name.Length];
        folder.CopyTo(path, 0);
        path[folder.Length] = (byte)'/';
        name.CopyTo(path.AsSpan(folder.Length + 1));
        return path;
    }

    private sealed record Level(Descriptor Directory, byte[] Path, DirectoryListing Names, bool Owned)
    {
        public int Next { get; set; }

        public void Close()
        {
            if (Owned)
            {
                Directory.Dispose();
            }
        }
    }
}
