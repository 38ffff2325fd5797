using KubectlMlopsBackup.Repository.Reading;
using KubectlMlopsBackup.Repository.Trees;
using KubectlMlopsBackup.Sources.Artifacts.Posix;

namespace KubectlMlopsBackup.Sources.Artifacts.Restore;

/// <summary>
/// The second pass: hard links, whose files are all there now, and the folders' owners, modes and times, each once everything
/// below it is done (a folder may be read-only, and its time changes with every name in it).
/// </summary>
internal sealed class TreeFinisher(Descriptor root, PathFilter filter, Metadata metadata, RestoreCounters counters) : IDisposable
{
    private readonly TargetFolder folders = new(root);
    private readonly TargetFolder others = new(root);
    private readonly Stack<TreeEntry> open = new();

    public async Task RunAsync(TreeReader tree)
    {
        while (await tree.ReadAsync() is { } entry)
        {
            while (open.TryPeek(out var folder) && !IsBelow(entry.Path, folder.Path))
            {
                Finish(open.Pop());
            }

            // The root is the user's own folder: a restore of a part leaves it alone. Of shares, each finishes it, and so the last.
            if (entry.Path.Length == 0 ? !filter.HasNoPatterns : !filter.Selects(entry.Path))
            {
                continue;
            }

            if (entry.Type == EntryType.Directory)
            {
                open.Push(entry);
            }
            else if (entry.Type == EntryType.HardLink && filter.Selects(entry.Target!))
            {
                Link(entry);
            }
        }

        while (open.TryPop(out var folder))
        {
            Finish(folder);
        }
    }

    public void Dispose()
    {
        folders.Dispose();
        others.Dispose();
    }

    private static bool IsBelow(byte[] path, byte[] folder) =>
        folder.Length == 0
        || (path.Length > folder.Length && path[folder.Length] == '/' && path.AsSpan().StartsWith(folder));

    private void Finish(TreeEntry entry)
    {
        if (entry.Path.Length == 0)
        {
            metadata.ApplyToRoot(root, entry);
            return;
        }

        using var folder = folders.ParentOf(entry.Path).OpenDirectory(TargetFolder.NameOf(entry.Path));
        metadata.Apply(folder, entry);
    }

    private void Link(TreeEntry entry)
    {
        counters.AddFile(entry.Size);
        var parent = folders.ParentOf(entry.Path);
        var name = TargetFolder.NameOf(entry.Path);
        var from = others.ParentOf(entry.Target);
        var existing = TargetFolder.NameOf(entry.Target);
        var file = from.StatusOf(existing);
        if (parent.TryStatusOf(name, out var status))
        {
            if (status.Inode == file.Inode && status.Device == file.Device)
            {
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

        parent.MakeHardLink(from, existing, name);
        counters.AddWrittenFile();
    }
}
