using KubectlMlopsBackup.Repository.Trees;
using KubectlMlopsBackup.Sources.Artifacts.Posix;

namespace KubectlMlopsBackup.Sources.Artifacts.Restore;

/// <summary>Makes folders and links. For one thread.</summary>
internal sealed class EntryMaker(TargetFolder folders, Metadata metadata, RestoreCounters counters)
{
    /// <summary>Makes a folder that can be written into; it gets its own mode at the end.</summary>
    public void MakeDirectory(ReadOnlySpan<byte> path)
    {
        counters.AddDirectory();
        var parent = folders.ParentOf(path);
        var name = TargetFolder.NameOf(path);
        if (parent.MakeDirectory(name, 0x1C0))
        {
            return;
        }

        var status = parent.StatusOf(name);
        if (!status.IsDirectory)
        {
            parent.Delete(name, isDirectory: false);
            parent.MakeDirectory(name, 0x1C0);
        }
        else if ((status.Permissions & 0x1C0) != 0x1C0)
        {
            using var folder = parent.OpenDirectory(name);
            folder.SetMode(status.Permissions | 0x1C0);
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
