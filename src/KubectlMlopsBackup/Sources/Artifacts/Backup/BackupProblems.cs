using KubectlMlopsBackup.Repository.Snapshots;
using KubectlMlopsBackup.Repository.Trees;

namespace KubectlMlopsBackup.Sources.Artifacts.Backup;

/// <summary>What had to be left out: the first thousand by name, all by count. Safe for concurrent use.</summary>
internal sealed class BackupProblems
{
    private readonly Lock gate = new();
    private readonly List<Problem> named = [];

    public long Count { get; private set; }

    public void Add(byte[] path, string reason)
    {
        lock (gate)
        {
            Count++;
            if (named.Count < Snapshot.MaxProblems)
            {
                named.Add(new Problem(TreePath.Escape(path), reason));
            }
        }
    }

    public IReadOnlyList<Problem> Named()
    {
        lock (gate)
        {
            return [.. named.OrderBy(p => p.Path, StringComparer.Ordinal)];
        }
    }
}
