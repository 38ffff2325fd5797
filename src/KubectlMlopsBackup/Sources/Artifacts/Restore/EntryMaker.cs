using KubectlMlopsBackup.Repository.Trees;
using KubectlMlopsBackup.Sources.Artifacts.Posix;

namespace KubectlMlopsBackup.Sources.Artifacts.Restore;

/// <summary>Makes folders and links. For one thread.</summary>
internal sealed class EntryMaker(TargetFolder folders, Metadata metadata, RestoreCounters counters)
{
    /// <summary>For a folder that gets its own mode at the end.</summary>
    public const int OwnerOnly = 0x1C0; // rwx------

    /// <summary>Of folders that are made.</summary>
    public int FolderMode { get; set; } = OwnerOnly;

    /// <summary>Makes a folder that can be written into; it gets its own mode at the end.</summary>
    public void MakeDirectory(ReadOnlySpan<byte> path)
    {
        counters.AddDirectory();
        var parent = folders.ParentOf(path);
        var name = TargetFolder.NameOf(path);
        if (parent.MakeDirectory(name, (uint)FolderMode))
        {
            return;
        }

        var status = parent.StatusOf(name);
        if (!status.IsDirectory)
        {
            parent.Delete(name, isDirectory: false);
            parent.MakeDirectory(name, (uint)FolderMode);
        }
        else if ((status.Permissions & OwnerOnly) != OwnerOnly)
        {
            using var folder = parent.OpenDirectory(name);
            folder.SetMode(status.Permissions | OwnerOnly);
        }
    }

    public void MakeSymbolicLink(TreeEntry entry)
    {
        counters.AddLink();
        var parent = folders.ParentOf(entry.Path);
        var name = TargetFolder.NameOf(entry.Path);
        if (parent.TryStatusOf(name, out var status))
        {
            if (status.IsSymbolicLink && parent.ReadLink(name).AsSpan().SequenceEqual(entry.Target))
            {
                metadata.ApplyToLink(parent, name, entry);
                return;
            }

            if (status.IsDirectory)
            {
                DirectoryRemoval.Run(parent, name);
            }
            else
            {
                parent.Delete(name, isDirectory: false);
            }
        }

        parent.MakeLink(entry.Target, name);
        metadata.ApplyToLink(parent, name, entry);
    }
}
