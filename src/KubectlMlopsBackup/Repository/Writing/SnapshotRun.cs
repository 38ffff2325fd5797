using KubectlMlopsBackup.Repository.Crypto;
using KubectlMlopsBackup.Repository.Index;
using KubectlMlopsBackup.Repository.Reading;
using KubectlMlopsBackup.Repository.Snapshots;
using KubectlMlopsBackup.Repository.Storage;

namespace KubectlMlopsBackup.Repository.Writing;

/// <summary>The writing of one snapshot, from the look at what is there to the commit.</summary>
internal sealed class SnapshotRun : IAsyncDisposable
{
    /// <summary>
    /// What a backup needs may be deleted by a prune that marked it after the backup began, 48 hours later at the
    /// earliest. Half of that leaves room for clocks that differ.
    /// </summary>
    public static readonly TimeSpan LongestRun = TimeSpan.FromHours(24);

    private readonly BackupRepository repository;
    private SnapshotRun(
        BackupRepository repository,
        SnapshotCatalog catalog,
        LoadedIndex loaded,
        Component component,
        string plan,
        DateTimeOffset started,
        WriterOptions options,
        CancellationToken cancellationToken)
    {
        this.repository = repository;
        Catalog = catalog;
        Component = component;
        Plan = plan;
        Started = started;
        Damage = [.. loaded.Damaged, .. catalog.Damaged];
        Previous = catalog.Latest(component, plan);
        Reader = new ChunkReader(repository, loaded.Index);
        Writer = new RepositoryWriter(repository, loaded.Index, options, cancellationToken);
        Tree = new TreeWriter(Writer, repository.TreeChunker());
    }

    /// <summary>What was there when the run began.</summary>
    public SnapshotCatalog Catalog { get; }

    public Component Component { get; }

    public string Plan { get; }

    /// <summary>When the look at the repository began.</summary>
    public DateTimeOffset Started { get; }

    /// <summary>The newest snapshot of the same component and plan.</summary>
    public Snapshot? Previous { get; }

    public ChunkReader Reader { get; }

    public RepositoryWriter Writer { get; }

    public TreeWriter Tree { get; }

    /// <summary>Damage that was seen on the way. It does not stop a backup, but must be told.</summary>
    public IReadOnlyList<RepositoryDamagedException> Damage { get; }

    public static async Task<SnapshotRun> StartAsync(
        BackupRepository repository,
        Component component,
        string plan,
        WriterOptions options,
        CancellationToken cancellationToken)
    {
        var started = repository.Clock.GetUtcNow();
        var catalog = SnapshotCatalog.LoadAsync(repository, cancellationToken);
        var index = IndexLoader.LoadAsync(repository, cancellationToken);
        await Task.WhenAll(catalog, index);
        return new SnapshotRun(
            repository, await catalog, await index, component, plan, started, options, cancellationToken);
    }

    /// <exception cref="UserError">It took so long that prune may have deleted something it needs, or its own packs.</exception>
    public static void RefuseIfTooLong(DateTimeOffset started, DateTimeOffset now)
    {
        if (now - started > LongestRun)
        {
            throw new UserError(
                $"it took {now - started:d\\.hh\\:mm}, and prune may have deleted what it needs: nothing is committed after {LongestRun.TotalHours} hours",
                "run it again: what was stored before is found and used");
        }
    }

    /// <summary>
    /// Waits for all data to be durable, then commits. <paramref name="draft"/> makes the snapshot from its tree and
    /// from what was stored.
    /// </summary>
    /// <exception cref="UserError">It took so long that prune may have deleted something it needs.</exception>
    public async Task<Snapshot> CommitAsync(
        Func<TreeRef, SnapshotStats, Snapshot> draft, SnapshotStats stats, CancellationToken cancellationToken)
    {
        var tree = await FinishAsync();
        var finished = repository.Clock.GetUtcNow();
        RefuseIfTooLong(Started, finished);
        var drafted = draft(tree, stats with
        {
            NewChunks = Writer.NewChunks,
            BytesNew = Writer.NewBytes,
            BytesStored = Writer.BytesStored,
            Seconds = (finished - Started).TotalSeconds,
        });
        // What is imported may be older than the newest.
        var snapshot = drafted with { Follows = Previous?.Time <= drafted.Time ? Previous.Id : null, Finished = finished };
        var json = snapshot.ToJson();
        snapshot = snapshot with { Id = ChunkId.Of(json).ToString() };
        await SnapshotCommit.WriteMissingReceiptsAsync(repository, Writer.Session, Catalog, cancellationToken);
        await SnapshotCommit.WriteAsync(repository, Writer.Session, snapshot, json, cancellationToken);
        return snapshot;
    }

    /// <summary>Waits until all data, and the tree's, is durable and indexed.</summary>
    public async Task<TreeRef> FinishAsync()
    {
        var tree = await Tree.FinishAsync();
        await Writer.FinishAsync();
        return tree;
    }

    /// <summary>Commits what is finished. Another process that commits the same draft writes the same objects.</summary>
    public async Task<Snapshot> CommitSameAsync(Snapshot draft, CancellationToken cancellationToken)
    {
        var json = draft.ToJson();
        var snapshot = draft with { Id = ChunkId.Of(json).ToString() };
        // It may be there already; its own receipt is written below.
        await SnapshotCommit.WriteMissingReceiptsAsync(repository, Writer.Session, Catalog, cancellationToken, except: snapshot.Id);
        await SnapshotCommit.WriteSameAsync(repository, snapshot, json, cancellationToken);
        return snapshot;
    }

    public async ValueTask DisposeAsync()
    {
        await Writer.DisposeAsync();
        Reader.Dispose();
    }
}
