using KubectlMlopsBackup.Repository.Trees;
using KubectlMlopsBackup.Sources.Artifacts.Backup;

namespace KubectlMlopsBackup.Sources.Artifacts.Restore;

/// <summary>
/// S3 objects as what they become in a folder: files, and folders where an empty object's key ends in a slash. Keys that no folder can
/// have are problems: ones with <c>..</c>, <c>//</c> or a slash at the start, and <c>a/b</c> beside an object <c>a</c>. Entries come in
/// the order of the tree.
/// </summary>
internal sealed class S3EntryFiles(BackupProblems problems)
{
    private const int FileMode = 0x1A4; // rw-r--r--

    /// <summary>A tree from S3 says nothing of folders.</summary>
    public const int FolderMode = 0x1ED; // rwxr-xr-x

    private readonly NameClash clash = new();

    /// <returns>The entry itself where it is not from S3; null where it is a problem.</returns>
    public TreeEntry? Convert(TreeEntry entry)
    {
        if (entry.Type != EntryType.S3Object)
        {
            return entry;
        }

        var isFolder = entry.Size == 0 && entry.Path[^1] == '/';
        var path = isFolder ? entry.Path[..^1] : entry.Path;
        if (!TreePath.IsSafe(path))
        {
            problems.Add(entry.Path, "this S3 key cannot be a path in a folder: restore it into a bucket");
            return null;
        }

        var file = entry with
        {
            Type = isFolder ? EntryType.Directory : EntryType.File,
            Path = path,
            Mode = isFolder ? FolderMode : FileMode,
            Uid = LibCUser.Id,
            Gid = LibCUser.Group,
        };
        if (clash.FindFileAbove(file) is { } above)
        {
            problems.Add(
                entry.Path, $"cannot be in a folder, where {TreePath.Escape(above)} is a file already: restore it into a bucket");
            return null;
        }

        return file;
    }
}
