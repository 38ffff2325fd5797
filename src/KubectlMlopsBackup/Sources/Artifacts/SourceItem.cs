using KubectlMlopsBackup.Repository.Trees;

namespace KubectlMlopsBackup.Sources.Artifacts;

/// <summary>What a walk found: an entry still without its segments, or a problem.</summary>
internal sealed record SourceItem
{
    public required TreeEntry Entry { get; init; }

    /// <summary>Why it cannot be backed up; null where it can.</summary>
    public string? Problem { get; init; }

    /// <summary>Tells names of one file (hard links): device and inode; null where the file has one name.</summary>
    public (ulong Device, ulong Inode)? Identity { get; init; }

    /// <summary>The file takes less space than its size: it has holes.</summary>
    public bool Sparse { get; init; }
}
