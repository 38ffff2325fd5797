namespace KubectlMlopsBackup.Repository.Trees;

/// <summary>One line of a tree: a file, directory, link or S3 object.</summary>
internal sealed record TreeEntry
{
    public required EntryType Type { get; init; }

    /// <summary>Raw bytes, slashes between components, no leading or trailing slash; empty for the root.</summary>
    public required byte[] Path { get; init; }

    /// <summary>Permission bits (07777).</summary>
    public int Mode { get; init; }

    public uint Uid { get; init; }

    public uint Gid { get; init; }

    /// <summary>Nanoseconds since 1970.</summary>
    public long ModifiedNanoseconds { get; init; }

    /// <summary>In bytes; 0 for what is no file.</summary>
    public long Size { get; init; }

    /// <summary>Tells that a file did not change: inode and ctime, or an ETag. Empty: it must be read again.</summary>
    public string Stamp { get; init; } = "";

    /// <summary>SHA-256 of a bundled file's content; default for others.</summary>
    public ChunkId ContentHash { get; init; }

    public IReadOnlyList<Segment> Segments { get; init; } = [];

    /// <summary>Of a link, raw bytes; null for others.</summary>
    public byte[]? Target { get; init; }

    /// <summary>Whether it has content (a hard link has that of the file it is linked to).</summary>
    public bool HasContent => Type is EntryType.File or EntryType.HardLink or EntryType.S3Object;

    public string DisplayPath => TreePath.Escape(Path);
}
