using System.Threading.Channels;
using KubectlMlopsBackup.Repository;
using KubectlMlopsBackup.Repository.Snapshots;
using KubectlMlopsBackup.Repository.Trees;
using KubectlMlopsBackup.Repository.Writing;

namespace KubectlMlopsBackup.Sources.Artifacts.Backup;

/// <summary>
/// Makes one artifacts snapshot. A walk goes along the source and the tree before; what did not change keeps its
/// segments, small files are bundled, large ones are cut; readers work in parallel; the tree is written in order.
/// </summary>
internal sealed class ArtifactBackup(
    BackupRepository repository, IArtifactSource source, ArtifactBackupOptions options, BackupCounters counters)
{
    /// <summary>Entries between the walk and the tree: twice what a bundle may wait, so that a bundle cannot block itself.</summary>
    private const int Backlog = Bundle.LongestWait * 2;

    private readonly BackupProblems problems = new();
    private readonly SmallFileCache cache = new();
    private readonly Channel<PendingEntry> ordered = Channel.CreateBounded<PendingEntry>(Backlog);
    private readonly Channel<object> work = Channel.CreateBounded<object>(options.Readers * 2);

    /// <exception cref="UserError">Nothing was found, or the store refuses.</exception>
    public async Task<BackupResult> RunAsync(WriterOptions writerOptions, CancellationToken cancellationToken)
    {
        await using var run = await SnapshotRun.StartAsync(
            repository, Component.Artifacts, options.Plan, writerOptions, cancellationToken);
        // The snapshot's time: what was in the source before this moment is in it.
        var time = repository.Clock.GetUtcNow();
        await using var previous = new PreviousTree(run.Reader, run.Previous, run.Writer.Stopping);
        try
        {
            // A reader holds one of the writer's slabs while it waits for a second: fewer readers than slabs, or all wait.
            var readers = Math.Min(options.Readers, (writerOptions.Encoders * 2) + 3);
            await RunPipelineAsync(run, previous, readers);
            RefuseNothing(run.Previous);
            var snapshot = await run.CommitAsync((tree, stats) => Draft(time, tree, stats), Stats(), cancellationToken);
            var damage = previous.Damage is null ? run.Damage : [.. run.Damage, previous.Damage];
            return new BackupResult(snapshot, damage);
        }
        catch (Exception e) when (run.Writer.Cause(e) != e)
        {
            throw run.Writer.Cause(e);
        }
    }

    private async Task RunPipelineAsync(SnapshotRun run, PreviousTree previous, int readers)
    {
        var writer = run.Writer;
        var bundleSlabs = new SlabPool(readers + 4, Bundle.MaxLength);
        var bundles = new BundleWriter(source, writer, bundleSlabs, cache, counters);
        var files = new FileWriter(source, writer, repository.DataChunker(), problems, counters);
        var walk = new ArtifactWalk(source, previous, writer, cache, problems, counters, options.ForceRead);
        Task[] stages =
        [
            Stage(writer, () => walk.RunAsync(ordered.Writer, work.Writer)),
            Stage(writer, () => WriteTreeAsync(run)),
            .. Enumerable.Range(0, readers).Select(_ => Stage(writer, () => ReadAsync(writer, bundles, files))),
        ];
        await Task.WhenAll(stages);
    }

    private static Task Stage(RepositoryWriter writer, Func<Task> stage) => Task.Run(
        async () =>
        {
            try
            {
                await stage();
            }
            catch (Exception e)
            {
                writer.Fail(e);
                throw;
            }
        },
        CancellationToken.None);

    private async Task ReadAsync(RepositoryWriter writer, BundleWriter bundles, FileWriter files)
    {
        await foreach (var item in work.Reader.ReadAllAsync(writer.Stopping))
        {
            IReadOnlyList<PendingEntry> alone = item is Bundle bundle
                ? await bundles.WriteAsync(bundle)
                : [(PendingEntry)item];
            foreach (var file in alone)
            {
                await files.WriteAsync(file);
            }
        }
    }

    private async Task WriteTreeAsync(SnapshotRun run)
    {
        await foreach (var pending in ordered.Reader.ReadAllAsync(run.Writer.Stopping))
        {
            var entry = pending.Completion.IsCompletedSuccessfully
                ? await pending.Completion
                : await pending.Completion.WaitAsync(run.Writer.Stopping);
            if (entry is null)
            {
                continue;
            }

            Count(entry);
            await run.Tree.AddAsync(entry);
        }
    }

    private void Count(TreeEntry entry)
    {
        if (entry.HasContent)
        {
            counters.AddFile(entry.Size);
        }
        else if (entry.Type == EntryType.Directory)
        {
            counters.AddDirectory();
        }
        else
        {
            counters.AddLink();
        }
    }

    private void RefuseNothing(Snapshot? previous)
    {
        if (counters.Files == 0 && problems.Count > 0)
        {
            var first = problems.Named()[0];
            throw new UserError(
                $"{source.Description}: no file of {problems.Count} could be read; the first: {first.Path} {first.Reason}",
                "give the user or identity that this runs as the right to read them");
        }

        if (counters.Files == 0 && !options.AllowEmpty)
        {
            throw new UserError(
                previous is { Stats.Files: > 0 }
                    ? $"{source.Description} has no files, and had {previous.Stats.Files} on {previous.Time:u}"
                    : $"{source.Description} has no files",
                "check the path or prefix, and that a volume is mounted; if it is really empty: --allow-empty");
        }
    }

    private Snapshot Draft(DateTimeOffset time, TreeRef tree, SnapshotStats stats) => new()
    {
        Format = RepositoryConfig.CurrentFormat,
        Component = Component.Artifacts,
        Time = time,
        Finished = time,
        Plan = options.Plan,
        Source = source.Description,
        Host = Environment.MachineName,
        Tool = ToolVersion.Current,
        Verdict = problems.Count == 0 ? Verdict.Complete : Verdict.Incomplete,
        Problems = problems.Named(),
        ProblemCount = problems.Count,
        Tree = tree,
        Stats = stats,
    };

    private SnapshotStats Stats() => new()
    {
        Files = counters.Files,
        Directories = counters.Directories,
        Links = counters.Links,
        Bytes = counters.Bytes,
        UnchangedFiles = counters.Unchanged,
        BytesRead = counters.BytesRead,
    };
}
