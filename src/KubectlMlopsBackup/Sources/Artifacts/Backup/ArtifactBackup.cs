using System.Threading.Channels;
using KubectlMlopsBackup.Repository;
using KubectlMlopsBackup.Repository.Shares;
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
        var time = options.Time ?? repository.Clock.GetUtcNow();
        await using var previous = new PreviousTree(run.Reader, run.Previous, run.Writer.Stopping);
        try
        {
            await RunPipelineAsync(run, previous, Readers(writerOptions), null);
            RefuseNothing(options, source.Description, counters.Files, problems.Count, problems.Named(), run.Previous);
            var snapshot = await run.CommitAsync((tree, stats) => Draft(time, tree, stats), Stats(), cancellationToken);
            var damage = previous.Damage is null ? run.Damage : [.. run.Damage, previous.Damage];
            return new BackupResult(snapshot, damage);
        }
        catch (Exception e) when (run.Writer.Cause(e) != e)
        {
            throw run.Writer.Cause(e);
        }
    }

    /// <summary>Backs up one share, up to where its part of the tree is durable; it commits nothing.</summary>
    /// <param name="run">Disposed by the caller.</param>
    /// <param name="share">Which paths.</param>
    /// <param name="before">The snapshot whose unchanged files are kept; null for none.</param>
    /// <param name="id">Which share, of which run.</param>
    /// <param name="writerOptions">How.</param>
    /// <param name="cancellationToken">Stops it.</param>
    /// <returns>All but the plan's sum.</returns>
    public async Task<StoredShare> RunShareAsync(
        SnapshotRun run, PathShare share, Snapshot? before, ShareId id, WriterOptions writerOptions, CancellationToken cancellationToken)
    {
        var time = repository.Clock.GetUtcNow();
        await using var previous = new PreviousTree(run.Reader, before, run.Writer.Stopping);
        try
        {
            var links = await RunPipelineAsync(run, previous, Readers(writerOptions), share);
            if (share.Seen == 0)
            {
                // Nothing at all, not just nothing for this share: on this node, the volume may not be mounted.
                RefuseNothing(options, source.Description, 0, problems.Count, problems.Named(), before);
            }

            var tree = await run.FinishAsync();
            var finished = repository.Clock.GetUtcNow();
            RepositoryDamagedException?[] damage = [.. run.Damage, previous.Damage];
            return new StoredShare
            {
                Run = id.Run,
                PlanSum = "",
                Index = id.Index,
                Started = run.Started,
                Time = time,
                Finished = finished,
                Host = Environment.MachineName,
                Tool = ToolVersion.Current,
                Tree = tree,
                Stats = Stats() with
                {
                    NewChunks = run.Writer.NewChunks,
                    BytesNew = run.Writer.NewBytes,
                    BytesStored = run.Writer.BytesStored,
                    Seconds = (finished - run.Started).TotalSeconds,
                },
                Problems = problems.Named(),
                ProblemCount = problems.Count,
                Damage = [.. damage.OfType<RepositoryDamagedException>().Select(d => d.Message)],
                Links = links,
            };
        }
        catch (Exception e) when (run.Writer.Cause(e) != e)
        {
            throw run.Writer.Cause(e);
        }
    }

    /// <exception cref="UserError">Nothing was found, or nothing of it could be read.</exception>
    public static void RefuseNothing(
        ArtifactBackupOptions options, string source, long files, long problemCount, IReadOnlyList<Problem> problems, Snapshot? previous)
    {
        if (files == 0 && problemCount > 0)
        {
            throw new UserError(
                $"{source}: no file of {problemCount} could be read; the first: {problems[0].Path} {problems[0].Reason}",
                "give the user or identity that this runs as the right to read them");
        }

        if (files == 0 && !options.AllowEmpty && (previous is { Stats.Files: > 0 } || !options.AllowEmptyAtFirst))
        {
            throw new UserError(
                previous is { Stats.Files: > 0 }
                    ? $"{source} has no files, and had {previous.Stats.Files} on {previous.Time:u}"
                    : $"{source} has no files",
                "check the path or prefix, and that a volume is mounted; if it is really empty: --allow-empty, or, for a platform that is new, spec.artifacts.allowEmpty: true in the plan");
        }
    }

    /// <summary>A reader holds one of the writer's slabs while it waits for a second: fewer readers than slabs, or all wait.</summary>
    private int Readers(WriterOptions writerOptions) => Math.Min(options.Readers, (writerOptions.Encoders * 2) + 3);

    private async Task<IReadOnlyList<ShareLink>> RunPipelineAsync(SnapshotRun run, PreviousTree previous, int readers, PathShare? share)
    {
        var writer = run.Writer;
        var bundleSlabs = new SlabPool(readers + 4, Bundle.MaxLength);
        var bundles = new BundleWriter(source, writer, bundleSlabs, cache, counters);
        var files = new FileWriter(source, writer, repository.DataChunker(), problems, counters);
        var walk = new ArtifactWalk(source, previous, writer, cache, problems, counters, share, options.ForceRead);
        Task[] stages =
        [
            Stage(writer, () => walk.RunAsync(ordered.Writer, work.Writer)),
            Stage(writer, () => WriteTreeAsync(run)),
            .. Enumerable.Range(0, readers).Select(_ => Stage(writer, () => ReadAsync(writer, bundles, files))),
        ];
        await Task.WhenAll(stages);
        return walk.Links;
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

    private Snapshot Draft(DateTimeOffset time, TreeRef tree, SnapshotStats stats) => new()
    {
        Format = RepositoryConfig.CurrentFormat,
        Component = Component.Artifacts,
        Time = time,
        Finished = time,
        Plan = options.Plan,
        Source = options.Source ?? source.Description,
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
