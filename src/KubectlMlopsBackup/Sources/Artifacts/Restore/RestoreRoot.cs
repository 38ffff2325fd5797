using KubectlMlopsBackup.Repository.Snapshots;
using KubectlMlopsBackup.Sources.Artifacts.Posix;

namespace KubectlMlopsBackup.Sources.Artifacts.Restore;

/// <summary>The folder that is restored into, made if need be, with a look at whether it has room.</summary>
internal static class RestoreRoot
{
    public static Descriptor Open(string target, Snapshot snapshot)
    {
        if (!OperatingSystem.IsLinux())
        {
            throw new UserError(
                "artifacts can be restored into a folder on Linux only",
                "restore in the cluster (without --local), or export them as an archive");
        }

        try
        {
            Directory.CreateDirectory(target);
            RefuseIfTooSmall(target, snapshot);
            return Descriptor.OpenRoot(target);
        }
        catch (Exception e) when (e is PosixException or UnauthorizedAccessException)
        {
            throw new UserError(
                $"{target} cannot be restored into: {(e as PosixException)?.Reason ?? e.Message}",
                "check the path and the rights of the user that this runs as",
                inner: e);
        }
    }

    /// <returns>The folder for reading; null where there is none.</returns>
    public static Descriptor? TryOpen(string target)
    {
        try
        {
            return Descriptor.OpenRoot(target);
        }
        catch (PosixException e) when (e.IsNotFound)
        {
            return null;
        }
    }

    /// <summary>The staging folder, empty.</summary>
    /// <param name="share">Its index, where one share of several is restored.</param>
    public static Descriptor OpenStaging(Descriptor root, int? share)
    {
        RemoveStaging(root, share);
        var name = RestoreFolder.NameFor(share);
        root.MakeDirectory(name, 0x1C0);
        return root.OpenDirectory(name);
    }

    /// <summary>The share's own; with the whole, also what shares left that were cut off.</summary>
    public static void RemoveStaging(Descriptor root, int? share)
    {
        if (share is not null)
        {
            Remove(root, RestoreFolder.NameFor(share));
            return;
        }

        var names = DirectoryListing.Read(root);
        for (var i = 0; i < names.Count; i++)
        {
            if (RestoreFolder.Is(names.Name(i)))
            {
                Remove(root, names.Name(i).ToArray());
            }
        }
    }

    private static void Remove(Descriptor root, byte[] name)
    {
        if (root.TryStatusOf(name, out var status))
        {
            if (status.IsDirectory)
            {
                DirectoryRemoval.Run(root, name);
            }
            else
            {
                root.Delete(name, isDirectory: false);
            }
        }
    }

    /// <summary>Into an empty folder the whole snapshot must fit. Over existing files only the difference must, which is not known yet.</summary>
    private static void RefuseIfTooSmall(string target, Snapshot snapshot)
    {
        if (Directory.EnumerateFileSystemEntries(target).Any())
        {
            return;
        }

        var drive = new DriveInfo(target);
        var free = drive.AvailableFreeSpace;
        // Some file systems do not know their size, and say 0 for all of it.
        if (drive.TotalSize > 0 && free < snapshot.Stats.Bytes)
        {
            throw new UserError(
                $"{target} has {free:N0} bytes free, the snapshot has {snapshot.Stats.Bytes:N0}",
                "make room, choose another folder with --to, or restore a part with --include");
        }
    }
}
