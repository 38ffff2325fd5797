using System.IO.Enumeration;

namespace KubectlMlopsBackup.Repository.Storage;

/// <summary>
/// Walks a directory repository and yields the regular files whose paths can be keys. Symbolic links are not followed:
/// they are not ours. What vanishes during the walk is left out.
/// </summary>
internal sealed class ObjectFileEnumerator(string folder, string root, string prefix)
    : FileSystemEnumerator<StoredObject>(folder, Options)
{
    private const int NotFound = 2;
    private const int PathNotFoundWindows = 3;
    private const int NotFolder = 20;

    private static readonly EnumerationOptions Options = new()
    {
        RecurseSubdirectories = true,
        AttributesToSkip = 0,
        IgnoreInaccessible = false,
        ReturnSpecialDirectories = false,
    };

    protected override bool ContinueOnError(int error) => error is NotFound or PathNotFoundWindows or NotFolder;

    protected override bool ShouldRecurseIntoEntry(ref FileSystemEntry entry) =>
        (entry.Attributes & FileAttributes.ReparsePoint) == 0 && ObjectKey.IsValid(KeyOf(ref entry));

    protected override bool ShouldIncludeEntry(ref FileSystemEntry entry)
    {
        if (entry.IsDirectory || (entry.Attributes & (FileAttributes.ReparsePoint | FileAttributes.Device)) != 0)
        {
            return false;
        }

        var key = KeyOf(ref entry);
        return key.StartsWith(prefix, StringComparison.Ordinal) && ObjectKey.IsValid(key);
    }

    protected override StoredObject TransformEntry(ref FileSystemEntry entry) => new(KeyOf(ref entry), entry.Length);

    private string KeyOf(ref FileSystemEntry entry)
    {
        var folder = entry.Directory[root.Length..].Trim(Path.DirectorySeparatorChar);
        var key = folder.Length == 0 ? entry.FileName.ToString() : $"{folder}/{entry.FileName}";
        return Path.DirectorySeparatorChar == '/' ? key : key.Replace(Path.DirectorySeparatorChar, '/');
    }
}
