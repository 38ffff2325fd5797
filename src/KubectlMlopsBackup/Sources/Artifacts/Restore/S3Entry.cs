using KubectlMlopsBackup.Repository;
using KubectlMlopsBackup.Repository.Trees;

namespace KubectlMlopsBackup.Sources.Artifacts.Restore;

/// <summary>An S3 object that is restored into a folder.</summary>
internal static class S3Entry
{
    private const int DefaultMode = 0x1A4; // rw-r--r--

    /// <exception cref="RepositoryDamagedException">Its key leads out of the folder.</exception>
    public static TreeEntry AsFile(TreeEntry entry, string snapshot) =>
        TreePath.IsSafe(entry.Path)
            ? entry with { Type = EntryType.File, Mode = DefaultMode, Uid = LibCUser.Id, Gid = LibCUser.Group }
            : throw new RepositoryDamagedException(
                snapshot, $"the S3 key {entry.DisplayPath} cannot be a path in a folder: restore it into a bucket");
}
