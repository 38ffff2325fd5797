using KubectlMlopsBackup.Repository.Reading;
using KubectlMlopsBackup.Repository.Trees;
using KubectlMlopsBackup.Sources.Artifacts.Posix;

namespace KubectlMlopsBackup.Sources.Artifacts.Restore;

/// <summary>Deletes what the target has and the snapshot has not.</summary>
internal sealed class TargetCleaner(Descriptor root, RestoreOptions options, RestoreCounters counters, TimeProvider clock)
{
    public async Task RunAsync(TreeReader tree, CancellationToken cancellationToken)
    {
        using var folders = new TargetFolder(root);
        var emptied = new Stack<byte[]>();
        var entry = await tree.ReadAsync();
        foreach (var item in new DirectoryWalk(root, PathFilter.Everything, null, clock).Run())
        {
            cancellationToken.ThrowIfCancellationRequested();
            var path = item.Entry.Path;
            var isDirectory = item.Entry.Type == EntryType.Directory;
            while (entry is not null
                && TreePath.Compare(entry.Path, entry.Type == EntryType.Directory, path, isDirectory) < 0)
            {
                entry = await tree.ReadAsync();
            }

            var known = entry is not null && (entry.Path.AsSpan().SequenceEqual(path)
                || (isDirectory && entry.Path.AsSpan().StartsWith(path) && entry.Path[path.Length] == '/'));
            if (known || path.Length == 0 || !options.Filter.Selects(path))
            {
                continue;
            }

            counters.AddDeleted();
            if (options.DryRun)
            {
                continue;
            }

            if (isDirectory)
            {
                // After what is below it, which comes later in the walk.
                emptied.Push(path);
            }
            else
            {
                folders.ParentOf(path).Delete(TargetFolder.NameOf(path), isDirectory: false);
            }
        }

        while (emptied.TryPop(out var path))
        {
            var parent = folders.ParentOf(path);
            DirectoryRemoval.RunIfEmpty(parent, TargetFolder.NameOf(path));
        }
    }
}
