using KubectlMlopsBackup.Repository.Index;
using KubectlMlopsBackup.Repository.Reading;
using KubectlMlopsBackup.Repository.Trees;
using KubectlMlopsBackup.Sources.Artifacts.Backup;
using KubectlMlopsBackup.Sources.Artifacts.Posix;

namespace KubectlMlopsBackup.Sources.Artifacts.Restore;

/// <summary>Looks, entry by entry, whether a folder is as a tree says: content by hash, owner, mode, time, links. Writes nothing.</summary>
internal static class TreeComparison
{
    /// <param name="root">Null: there is no folder, so everything differs.</param>
    public static async Task RunAsync(
        TreeReader tree,
        Descriptor? root,
        ChunkIndex index,
        PathFilter filter,
        RestoreCounters counters,
        BackupProblems problems,
        CancellationToken cancellationToken)
    {
        using var folders = root is null ? null : new TargetFolder(root);
        var objects = new S3EntryFiles(problems);
        while (await tree.ReadAsync() is { } stored)
        {
            if (stored.Path.Length == 0 || !filter.Selects(stored.Path) || objects.Convert(stored) is not { } entry)
            {
                continue;
            }

            if (entry.HasContent)
            {
                counters.AddFile(entry.Size);
            }

            if (folders is null || !IsEqual(folders, entry, index, cancellationToken))
            {
                counters.AddDifferent(entry);
            }
        }
    }

    private static bool IsEqual(
        TargetFolder folders, TreeEntry entry, ChunkIndex index, CancellationToken cancellationToken)
    {
        try
        {
            var parent = folders.ParentOf(entry.Path);
            var name = TargetFolder.NameOf(entry.Path);
            if (!parent.TryStatusOf(name, out var status)
                || status.Uid != entry.Uid || status.Gid != entry.Gid
                || status.Modified.TotalNanoseconds != entry.ModifiedNanoseconds)
            {
                return false;
            }

            if (entry.Type == EntryType.SymbolicLink)
            {
                return status.IsSymbolicLink && parent.ReadLink(name).AsSpan().SequenceEqual(entry.Target);
            }

            if (status.Permissions != entry.Mode)
            {
                return false;
            }

            if (entry.Type == EntryType.Directory)
            {
                return status.IsDirectory;
            }

            if (!status.IsRegular || status.Size != entry.Size)
            {
                return false;
            }

            using var file = parent.OpenFile(name);
            // Segments that only fetching would compare (holes) are taken by their size.
            return FileDelta.Compare(file, entry, index, cancellationToken) is not { } same
                || !same.Where((equal, i) => !equal && !entry.Segments[i].IsHole).Any();
        }
        catch (PosixException)
        {
            return false;
        }
    }
}
