using System.Threading.Channels;
using KubectlMlopsBackup.Repository.Reading;
using KubectlMlopsBackup.Repository.Snapshots;
using KubectlMlopsBackup.Repository.Trees;
using KubectlMlopsBackup.Sources.Artifacts.Backup;
using KubectlMlopsBackup.Sources.Artifacts.Posix;

namespace KubectlMlopsBackup.Sources.Artifacts.Restore;

/// <summary>
/// Brings a folder to the state of a snapshot. Folders and links first, files by several workers, then what needs the
/// files in place: hard links, deletions, and the folders' own modes and times. Begun anew after a cut, it writes only the rest.
/// </summary>
internal sealed class ArtifactRestore(
    ChunkReader reader, Snapshot snapshot, string target, RestoreOptions options, RestoreCounters counters, TimeProvider clock)
{
    private const int FilesPerBatch = 64;
    private const long BytesPerBatch = 1 << 20;

    private readonly BackupProblems problems = new();
    private readonly string name = $"snapshot {snapshot.ShortId}";

    /// <exception cref="UserError">The target cannot be used, or has no room.</exception>
    /// <exception cref="Repository.RepositoryDamagedException">Something is missing or changed in the repository.</exception>
    public async Task<RestoreReport> RunAsync(CancellationToken cancellationToken)
    {
        var started = clock.GetTimestamp();
        if (options.DryRun)
        {
            await CompareAsync(cancellationToken);
            return Report(clock.GetElapsedTime(started));
        }

        using var root = RestoreRoot.Open(target, snapshot);
        try
        {
            try
            {
                using var staging = RestoreRoot.OpenStaging(root, options.Filter.Share?.Index);
                await RestoreContentAsync(root, staging, cancellationToken);
            }
            finally
            {
                // After a failure, too: only a restore that was killed leaves it behind.
                RestoreRoot.RemoveStaging(root, options.Filter.Share?.Index);
            }

            if (options.Delete)
            {
                await using var tree = Tree(cancellationToken);
                await new TargetCleaner(root, options, counters, clock).RunAsync(tree, cancellationToken);
            }

            await using (var tree = Tree(cancellationToken))
            {
                using var finisher = new TreeFinisher(root, options.Filter, new Metadata(options.NoOwner, problems), counters);
                await finisher.RunAsync(tree);
            }

            root.SyncFileSystem();
        }
        catch (PosixException e) when (e.IsNoSpace)
        {
            throw new UserError(
                $"no space left under {target} (needs {snapshot.Stats.Bytes:N0} bytes in all)",
                "make room and run the same restore again: it goes on where it stopped",
                inner: e);
        }

        return Report(clock.GetElapsedTime(started));
    }

    private async Task CompareAsync(CancellationToken cancellationToken)
    {
        using var root = RestoreRoot.TryOpen(target);
        await using (var tree = Tree(cancellationToken))
        {
            await TreeComparison.RunAsync(tree, root, reader.Index, options.Filter, counters, problems, cancellationToken);
        }

        if (options.Delete && root is not null)
        {
            await using var tree = Tree(cancellationToken);
            await new TargetCleaner(root, options, counters, clock).RunAsync(tree, cancellationToken);
        }
    }

    private TreeReader Tree(CancellationToken cancellationToken) => new(reader, snapshot.Tree, name, cancellationToken);

    private async Task RestoreContentAsync(Descriptor root, Descriptor staging, CancellationToken cancellationToken)
    {
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        var workers = Math.Max(2, reader.Parallelism);
        var work = Channel.CreateBounded<List<TreeEntry>>(workers * 2);
        var metadata = new Metadata(options.NoOwner, problems);
        Exception? first = null;
        Task Stage(Func<Task> stage) => Task.Run(
            async () =>
            {
                try
                {
                    await stage();
                }
                catch (Exception e)
                {
                    Interlocked.CompareExchange(ref first, e, null);
                    await stop.CancelAsync();
                    throw;
                }
            },
            CancellationToken.None);

        Task[] stages =
        [
            Stage(() => ProduceAsync(root, metadata, work.Writer, stop.Token)),
            .. Enumerable.Range(0, workers).Select(number => Stage(async () =>
            {
                using var restorer = new FileRestorer(reader, root, staging, metadata, counters, number);
                await foreach (var batch in work.Reader.ReadAllAsync(stop.Token))
                {
                    foreach (var entry in batch)
                    {
                        await restorer.RestoreAsync(entry, stop.Token);
                    }
                }
            })),
        ];
        try
        {
            await Task.WhenAll(stages);
        }
        catch (OperationCanceledException) when (first is not (null or OperationCanceledException))
        {
            throw first;
        }
    }

    private async Task ProduceAsync(
        Descriptor root, Metadata metadata, ChannelWriter<List<TreeEntry>> work, CancellationToken cancellationToken)
    {
        using var folders = new TargetFolder(root);
        var maker = new EntryMaker(folders, metadata, counters);
        var parents = new ParentMaker(maker, options.Filter);
        var objects = new S3EntryFiles(problems);
        var clash = new NameClash();
        await using var tree = Tree(cancellationToken);
        var batch = new List<TreeEntry>();
        long bytes = 0;
        while (await tree.ReadAsync() is { } stored)
        {
            maker.FolderMode = stored.Type == EntryType.S3Object ? S3EntryFiles.FolderMode : EntryMaker.OwnerOnly;
            if (!options.Filter.Selects(stored.Path) || objects.Convert(stored) is not { } entry)
            {
                continue;
            }

            clash.Check(entry, name);
            if (!parents.Prepare(entry))
            {
                continue;
            }

            if (entry.Type == EntryType.SymbolicLink)
            {
                maker.MakeSymbolicLink(entry);
            }
            else if (entry.Type == EntryType.File || (entry.Type == EntryType.HardLink && !options.Filter.Selects(entry.Target!)))
            {
                batch.Add(entry);
                bytes += entry.Size;
            }

            if (batch.Count >= FilesPerBatch || bytes >= BytesPerBatch)
            {
                await work.WriteAsync(batch, cancellationToken);
                batch = [];
                bytes = 0;
            }
        }

        await work.WriteAsync(batch, cancellationToken);
        work.Complete();
    }

    private RestoreReport Report(TimeSpan elapsed) => new()
    {
        Snapshot = snapshot.Id,
        Target = target,
        DryRun = options.DryRun,
        Files = counters.Files,
        Bytes = counters.Bytes,
        FilesWritten = counters.FilesWritten,
        BytesWritten = counters.BytesWritten,
        Directories = counters.Directories,
        Links = counters.Links,
        Deleted = counters.Deleted,
        Seconds = elapsed.TotalSeconds,
        ProblemCount = problems.Count,
        Problems = problems.Named(),
    };
}
