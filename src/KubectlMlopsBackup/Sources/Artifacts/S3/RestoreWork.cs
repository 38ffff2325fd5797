using KubectlMlopsBackup.Repository.Trees;
using KubectlMlopsBackup.Sources.Artifacts.Backup;

namespace KubectlMlopsBackup.Sources.Artifacts.S3;

/// <param name="Entry">What is to be there.</param>
/// <param name="Key">In the bucket.</param>
/// <param name="There">What is there; null where nothing is.</param>
internal sealed record RestoreWork(TreeEntry Entry, string Key, S3ListedObject? There)
{
    /// <summary>Fits into memory with its neighbours, whose chunks it shares.</summary>
    public bool IsSmall => Entry.Size < Bundle.FilesBelow && !Entry.Segments.Any(s => s.IsHole);

    /// <returns>Of the content, where the tree has it.</returns>
    public byte[]? Sha256() => Entry.ContentHash == default ? null : Entry.ContentHash.ToArray();
}
