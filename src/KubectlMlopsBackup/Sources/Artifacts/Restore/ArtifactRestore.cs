using System.Collections.Concurrent;
using System.Runtime.CompilerServices;
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
            return Report(started);
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

        return Report(started);
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
        var metadata = new Metadata(options.NoOwner, problems);
        var made = 0;
        var restorers = new ConcurrentBag<FileRestorer>();
        try
        {
            await Parallel.ForEachAsync(
                BatchesAsync(root, metadata, cancellationToken),
                new ParallelOptions
                {
                    MaxDegreeOfParallelism = Math.Max(2, reader.Parallelism),
                    CancellationToken = cancellationToken,
                },
                async (batch, token) =>
                {
                    if (!restorers.TryTake(out var restorer))
                    {
                        restorer = new FileRestorer(
                            reader, root, staging, metadata, counters, Interlocked.Increment(ref made));
                    }

                    try
                    {
                        foreach (var entry in batch)
                        {
                            await restorer.RestoreAsync(entry, token);
                        }
                    }
                    finally
                    {
                        restorers.Add(restorer);
                    }
                });
        }
        finally
        {
            foreach (var restorer in restorers)
            {
                restorer.Dispose();
            }
        }
    }

    /// <summary>Makes folders and links as it goes along the tree. Large files come alone and at once, small ones by their chunks.</summary>
    private async IAsyncEnumerable<IReadOnlyList<TreeEntry>> BatchesAsync(
        Descriptor root, Metadata metadata, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        using var folders = new TargetFolder(root);
        var maker = new EntryMaker(folders, metadata, counters);
        var parents = new ParentMaker(maker, options.Filter);
        var objects = new S3EntryFiles(problems);
        var clash = new NameClash();
        var small = new ChunkGroups<TreeEntry>(entry => entry);
        await using var tree = Tree(cancellationToken);
        while (await tree.ReadAsync() is { } stored)
        {
            cancellationToken.ThrowIfCancellationRequested();
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
                if (entry.Size >= Bundle.FilesBelow)
                {
                    yield return [entry];
                    continue;
                }

                small.Add(entry);
            }

            if (small.IsFull)
            {
                foreach (var batch in small.Drain())
                {
                    yield return batch;
                }
            }
        }

        foreach (var batch in small.Drain())
        {
            yield return batch;
        }
    }

    private RestoreReport Report(long started) =>
        RestoreReport.Of(snapshot, target, options, counters, problems, clock.GetElapsedTime(started));
}
