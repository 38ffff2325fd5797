using KubectlMlopsBackup.Repository;
using KubectlMlopsBackup.Repository.Trees;

namespace KubectlMlopsBackup.Sources.Artifacts.Restore;

/// <summary>
/// Finds names that are both a file and a folder, which a folder cannot hold (a bucket can: <c>a</c> and <c>a/b</c>): one
/// would take the other's place. Entries come in the order of a tree.
/// </summary>
internal sealed class NameClash
{
    /// <summary>Files whose path the last path began with.</summary>
    private readonly Stack<byte[]> files = new();

    /// <param name="entry">The next.</param>
    /// <param name="snapshot">For the message.</param>
    /// <exception cref="RepositoryDamagedException">The entry lies below a file.</exception>
    public void Check(TreeEntry entry, string snapshot)
    {
        if (FindFileAbove(entry) is { } file)
        {
            throw new RepositoryDamagedException(
                snapshot, $"{TreePath.Escape(file)} is a file and a folder, which only a bucket can hold");
        }
    }

    /// <returns>The file that the entry lies below, or has the name of; null where all is well.</returns>
    public byte[]? FindFileAbove(TreeEntry entry)
    {
        while (files.TryPeek(out var file) && !entry.Path.AsSpan().StartsWith(file))
        {
            files.Pop();
        }

        var above = files.FirstOrDefault(file => file.Length == entry.Path.Length || entry.Path[file.Length] == '/');
        if (above is null && entry.Type != EntryType.Directory)
        {
            files.Push(entry.Path);
        }

        return above;
    }
}
