using KubectlMlopsBackup.Repository;
using KubectlMlopsBackup.Repository.Trees;

namespace KubectlMlopsBackup.Sources.Artifacts.Restore;

/// <summary>
/// Finds names that are both a file and a folder, which a folder cannot hold (a bucket can: <c>a</c> and <c>a/b</c>): one
/// would take the other's place. Entries come in the order of a tree.
/// </summary>
internal sealed class NameClash(string snapshot)
{
    /// <summary>Files whose path the last path began with.</summary>
    private readonly Stack<byte[]> files = new();

    /// <exception cref="RepositoryDamagedException">The entry lies below a file.</exception>
    public void Check(TreeEntry entry)
    {
        while (files.TryPeek(out var file) && !entry.Path.AsSpan().StartsWith(file))
        {
            files.Pop();
        }

        foreach (var file in files)
        {
            if (file.Length == entry.Path.Length || entry.Path[file.Length] == '/')
            {
                throw new RepositoryDamagedException(
                    snapshot, $"{TreePath.Escape(file)} is a file and a folder, which only a bucket can hold");
            }
        }

        if (entry.Type != EntryType.Directory)
        {
            files.Push(entry.Path);
        }
    }
}
