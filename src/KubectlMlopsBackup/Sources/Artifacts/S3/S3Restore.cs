using KubectlMlopsBackup.Repository;
using KubectlMlopsBackup.Repository.Reading;
using KubectlMlopsBackup.Repository.Snapshots;
using KubectlMlopsBackup.Repository.Storage;
using KubectlMlopsBackup.Repository.Trees;
using KubectlMlopsBackup.Sources.Artifacts.Backup;
using KubectlMlopsBackup.Sources.Artifacts.Restore;

namespace KubectlMlopsBackup.Sources.Artifacts.S3;

/// <summary>
/// Brings a prefix of a bucket to the state of a snapshot. What is equal is left alone; the rest is written by several workers, each object whole
/// or not at all. Begun anew after a cut, it writes only what is still missing.
/// </summary>
internal sealed class S3Restore(
    S3Connection bucket, ChunkReader reader, Snapshot snapshot, RestoreOptions options, RestoreCounters counters, TimeProvider clock)
{
    /// <summary>Batches or large objects being worked on at once.</summary>
    private const int ItemsAtOnce = 6;

    /// <summary>Parts of 16 MiB in memory at once.</summary>
    private const int BuffersAtOnce = 6;

    private readonly BackupProblems problems = new();
    private readonly TargetCheck check = new(bucket, reader.Index);
    private readonly string name = $"snapshot {snapshot.ShortId}";

    /// <summary>Small objects of one batch on their way at once.</summary>
    private readonly int puts = Math.Max(2, bucket.Settings.Parallelism / ItemsAtOnce);

    /// <exception cref="UserError">The bucket cannot be used.</exception>
    /// <exception cref="RepositoryDamagedException">Something is missing or changed in the repository.</exception>
    public async Task<RestoreReport> RunAsync(CancellationToken cancellationToken)
    {
        var started = clock.GetTimestamp();
        using var writer = new S3ObjectWriter(bucket, BuffersAtOnce);
        await Parallel.ForEachAsync(
            ItemsAsync(cancellationToken),
            new ParallelOptions { MaxDegreeOfParallelism = ItemsAtOnce, CancellationToken = cancellationToken },
            async (item, token) => await RestoreAsync(item, writer, token));
        if (options.Delete)
        {
            await using var tree = Tree(cancellationToken);
            await new S3Cleaner(bucket, options, counters, problems).RunAsync(tree, cancellationToken);
        }

        return Report(started);
    }

    private TreeReader Tree(CancellationToken cancellationToken) => new(reader, snapshot.Tree, name, cancellationToken);

    /// <summary>Small objects by the chunks that they share; others alone.</summary>
    private async IAsyncEnumerable<RestoreBatch> ItemsAsync(
        [System.Runtime.CompilerServices.EnumeratorCancellation] CancellationToken cancellationToken)
    {
        await using var tree = Tree(cancellationToken);
        var small = new ChunkGroups<RestoreWork>(work => work.Entry);
        await foreach (var (entry, there) in TargetMerge.RunAsync(tree, bucket, cancellationToken))
        {
            if (entry is not { Path.Length: > 0 } || !options.Filter.Selects(entry.Path) || !IsPossible(entry))
            {
                continue;
            }

            var work = new RestoreWork(entry, S3Key.Of(bucket, entry.Path, out _)!, there);
            if (!work.IsSmall)
            {
                yield return new RestoreBatch([work]);
                continue;
            }

            small.Add(work);
            if (small.IsFull)
            {
                foreach (var batch in small.Drain())
                {
                    yield return new RestoreBatch(batch);
                }
            }
        }

        foreach (var batch in small.Drain())
        {
            yield return new RestoreBatch(batch);
        }
    }

    private bool IsPossible(TreeEntry entry)
    {
        if (entry.Type == EntryType.SymbolicLink)
        {
            problems.Add(entry.Path, "is a symbolic link, which a bucket cannot have");
            return false;
        }

        if (!entry.HasContent)
        {
            return false;
        }

        var key = S3Key.Of(bucket, entry.Path, out var reason);
        if (key is null)
        {
            problems.Add(entry.Path, reason);
        }

        return key is not null;
    }

    private async Task RestoreAsync(RestoreBatch batch, S3ObjectWriter writer, CancellationToken cancellationToken)
    {
        var different = await batch.DifferentAsync(check, counters, puts, cancellationToken);
        if (options.DryRun)
        {
            foreach (var work in different)
            {
                counters.AddDifferent(work.Entry);
            }

            return;
        }

        using var memory = new ChunkMemory(reader);
        await Parallel.ForEachAsync(
            LoadAsync(different, memory, cancellationToken),
            new ParallelOptions { MaxDegreeOfParallelism = puts, CancellationToken = cancellationToken },
            async (loaded, token) => await WriteAsync(loaded.Work, loaded.Content, writer, token));
    }

    /// <summary>Fetches the content of small objects, one after the other; that of large ones is fetched while it is sent.</summary>
    private static async IAsyncEnumerable<(RestoreWork Work, SegmentBuffer? Content)> LoadAsync(
        IEnumerable<RestoreWork> different,
        ChunkMemory memory,
        [System.Runtime.CompilerServices.EnumeratorCancellation] CancellationToken cancellationToken)
    {
        foreach (var work in different)
        {
            if (!work.IsSmall)
            {
                yield return (work, null);
                continue;
            }

            var content = new SegmentBuffer();
            foreach (var segment in work.Entry.Segments)
            {
                var chunk = await memory.ReadAsync(segment.Chunk, cancellationToken);
                if (segment.Offset + segment.Length > chunk.Length)
                {
                    throw new RepositoryDamagedException(
                        $"chunk {segment.Chunk}", $"is shorter than {work.Entry.DisplayPath} says");
                }

                content.Append(chunk.Span.Slice(segment.Offset, (int)segment.Length));
            }

            yield return (work, content);
        }
    }

    private async Task WriteAsync(
        RestoreWork work, SegmentBuffer? content, S3ObjectWriter writer, CancellationToken cancellationToken)
    {
        var entry = work.Entry;
        var mark = ContentMark.Of(entry);
        if (content is null)
        {
            await writer.PutAsync(
                work.Key, mark, entry.Size, () => new ContentStream(reader, entry, cancellationToken), cancellationToken);
        }
        else
        {
            using (content)
            {
                await writer.PutAsync(work.Key, mark, content, work.Sha256(), cancellationToken);
            }
        }

        counters.AddWritten(entry.Size);
        counters.AddWrittenFile();
    }

    private RestoreReport Report(long started) => RestoreReport.Of(
        snapshot, bucket.Settings.ToString(), options, counters, problems, clock.GetElapsedTime(started));
}
