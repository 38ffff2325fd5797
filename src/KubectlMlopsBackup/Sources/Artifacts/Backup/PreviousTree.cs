using KubectlMlopsBackup.Repository;
using KubectlMlopsBackup.Repository.Reading;
using KubectlMlopsBackup.Repository.Snapshots;
using KubectlMlopsBackup.Repository.Trees;

namespace KubectlMlopsBackup.Sources.Artifacts.Backup;

/// <summary>Goes along the tree of the snapshot before, in step with the walk.</summary>
internal sealed class PreviousTree : IAsyncDisposable
{
    private readonly TreeReader? reader;
    private TreeEntry? current;
    private bool started;

    public PreviousTree(ChunkReader chunks, Snapshot? previous, CancellationToken cancellationToken) =>
        reader = previous is null
            ? null
            : new TreeReader(chunks, previous.Tree, $"snapshot {previous.ShortId}", cancellationToken);

    /// <summary>Why the tree before could not be read to its end; null where it could.</summary>
    public RepositoryDamagedException? Damage { get; private set; }

    /// <returns>The entry of the same path in the tree before, or null.</returns>
    public async ValueTask<TreeEntry?> FindAsync(TreeEntry entry)
    {
        if (!started)
        {
            started = true;
            await StepAsync();
        }

        while (current is not null)
        {
            var order = TreePath.Compare(current, entry);
            if (order >= 0)
            {
                return order == 0 ? current : null;
            }

            await StepAsync();
        }

        return null;
    }

    public ValueTask DisposeAsync() => reader?.DisposeAsync() ?? default;

    private async ValueTask StepAsync()
    {
        try
        {
            current = reader is null || Damage is not null ? null : await reader.ReadAsync();
        }
        catch (RepositoryDamagedException e)
        {
            // What cannot be compared is read: a damaged night must not spoil the next.
            Damage = e;
            current = null;
        }
    }
}
