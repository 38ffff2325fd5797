using KubectlMlopsBackup.Repository;
using KubectlMlopsBackup.Repository.Reading;
using KubectlMlopsBackup.Repository.Shares;
using KubectlMlopsBackup.Repository.Snapshots;
using KubectlMlopsBackup.Repository.Trees;

namespace KubectlMlopsBackup.Sources.Artifacts.Backup;

/// <summary>Shares the artifacts out by what the last snapshot has or, before the first, by what is there.</summary>
internal sealed class SharePlanner(IArtifactSource source, ChunkReader reader)
{
    public async Task<SharePlan> MakeAsync(
        ShareId id, string plan, Snapshot? parent, DateTimeOffset now, CancellationToken cancellationToken)
    {
        var builder = (parent is null ? null : await FromSnapshotAsync(id.Count, parent, cancellationToken))
            ?? await FromSourceAsync(id.Count, cancellationToken);
        var (splits, units, loads) = builder.Build();
        return new SharePlan
        {
            Run = id.Run,
            Plan = plan,
            Source = source.Description,
            Count = id.Count,
            Created = now,
            Parent = parent?.Id,
            Splits = [.. splits.Select(s => TreePath.Escape(s))],
            Units = [.. units.Select(u => new ShareUnit(TreePath.Escape(u.Path), u.Share))],
            Expected = loads,
        };
    }

    /// <returns>Null where the tree cannot be read: a damaged night must not spoil the next.</returns>
    private async Task<PartitionBuilder?> FromSnapshotAsync(int count, Snapshot parent, CancellationToken cancellationToken)
    {
        var stats = parent.Stats;
        var builder = new PartitionBuilder(count, new ShareLoad(stats.Files, stats.Bytes, parent.Tree.Entries));
        try
        {
            await using var tree = new TreeReader(reader, parent.Tree, $"snapshot {parent.ShortId}", cancellationToken);
            while (await tree.ReadAsync() is { } entry)
            {
                builder.Add(entry);
            }

            return builder;
        }
        catch (RepositoryDamagedException)
        {
            return null;
        }
    }

    private async Task<PartitionBuilder> FromSourceAsync(int count, CancellationToken cancellationToken)
    {
        var builder = new PartitionBuilder(count);
        await foreach (var item in source.WalkAsync(null, cancellationToken))
        {
            if (item.Problem is null)
            {
                builder.Add(item.Entry);
            }
        }

        return builder;
    }
}
