using KubectlMlopsBackup.Repository.Trees;

namespace KubectlMlopsBackup.Sources.Artifacts.Backup;

/// <summary>An entry on its way into the tree, whose content may still be on its way into the repository.</summary>
internal sealed class PendingEntry(SourceItem item)
{
    private readonly TaskCompletionSource<TreeEntry?> done = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public SourceItem Item { get; } = item;

    /// <summary>The finished entry; null where the file went away.</summary>
    public Task<TreeEntry?> Completion => done.Task;

    public void Complete(TreeEntry? entry) => done.TrySetResult(entry);
}
