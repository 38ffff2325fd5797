using System.IO.Hashing;

namespace KubectlMlopsBackup.Sources.Artifacts.Backup;

/// <summary>Small files, consecutive in the tree, that are to share one chunk.</summary>
internal sealed class Bundle
{
    /// <summary>Smaller files are bundled. From here on a file is worth chunks of its own.</summary>
    public const int FilesBelow = 256 << 10;

    /// <summary>Bytes after which a bundle ends in any case, with the file that takes it there.</summary>
    public const int Full = 1 << 20;

    /// <summary>Entries that may come after a bundle's first file before it is sent off.</summary>
    public const int LongestWait = 4096;

    /// <summary>The most a bundle's content can have.</summary>
    public const int MaxLength = Full + FilesBelow;

    private const int EndsFrom = 384 << 10;

    private readonly List<PendingEntry> files = [];

    public IReadOnlyList<PendingEntry> Files => files;

    /// <summary>By the sizes that the walk saw, in bytes.</summary>
    public int Length { get; private set; }

    /// <returns>
    /// Whether the bundle ends here. The path decides, not a count: a new file moves the end of its own bundle only,
    /// so that files which are read again make the bundles they made before.
    /// </returns>
    public bool Add(PendingEntry file)
    {
        files.Add(file);
        var size = (int)file.Item.Entry.Size;
        Length += size;
        if (Length >= Full)
        {
            return true;
        }

        // A file ends the bundle with a chance of its share in 256 KiB, so bundles have some 640 KiB on average.
        var draw = XxHash32.HashToUInt32(file.Item.Entry.Path);
        return Length >= EndsFrom && draw < (ulong)size * (1UL << 32) / FilesBelow;
    }
}
