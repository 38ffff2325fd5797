using KubectlMlopsBackup.Repository.Crypto;
using KubectlMlopsBackup.Repository.Index;
using KubectlMlopsBackup.Repository.Reading;
using KubectlMlopsBackup.Repository.Reports;
using KubectlMlopsBackup.Repository.Snapshots;
using KubectlMlopsBackup.Repository.Verifying;
using KubectlMlopsBackup.Repository.Writing;

namespace KubectlMlopsBackup.Repository.Mirroring;

/// <summary>
/// Copies snapshots from one repository to another, chunk by chunk and only what is missing there; every chunk is proven on the way, so
/// that damage does not spread. Begun anew after a cut, it goes on where it stopped.
/// </summary>
/// <param name="from">What has them.</param>
/// <param name="to">What lacks some.</param>
/// <param name="options">How to write.</param>
/// <param name="counters">For who watches; null for nobody.</param>
internal sealed class Mirror(BackupRepository from, BackupRepository to, WriterOptions options, MirrorCounters? counters = null)
{
    private readonly MirrorCounters counters = counters ?? new MirrorCounters();

    /// <param name="filter">Which snapshots.</param>
    /// <param name="cancellationToken">Stops it.</param>
    /// <param name="plan">Only reports of this plan; null for all.</param>
    /// <returns>What was copied, and what could not be because it is damaged: one such snapshot does not keep others from being copied.</returns>
    /// <exception cref="UserError">Both are the same repository.</exception>
    public async Task<MirrorReport> RunAsync(Func<Snapshot, bool> filter, CancellationToken cancellationToken, string? plan = null)
    {
        if (from.Config.Id == to.Config.Id)
        {
            throw new UserError(
                $"{from.Location} and {to.Location} are the same repository (id {from.Config.Id})",
                "a copied folder is no second repository: make one with: kubectl mlopsbackup init --repositories",
                ExitCode.Usage);
        }

        var started = to.Clock.GetTimestamp();
        var here = await SnapshotCatalog.LoadAsync(from, cancellationToken);
        var there = await SnapshotCatalog.LoadAsync(to, cancellationToken);
        var wanted = here.Snapshots.Where(filter).ToList();
        var missing = wanted.Where(s => !there.Keys.ContainsKey(s.Id)).ToList();
        var copied = new List<string>();
        var damaged = new List<RepositoryDamagedException>(
            here.Damaged.Where(d => d.Key.StartsWith(Snapshot.Prefix, StringComparison.Ordinal)));
        await SnapshotCommit.WriteMissingReceiptsAsync(to, new WritingSession(to.Secrets), there, cancellationToken);
        long chunks = 0, bytes = 0;
        counters.Start(missing.Count);
        if (missing.Count > 0)
        {
            var index = await IndexLoader.LoadAsync(from, cancellationToken);
            using var reader = new ChunkReader(from, index.Index);
            foreach (var snapshot in missing)
            {
                try
                {
                    var (newChunks, newBytes) = await CopyAsync(reader, snapshot, here.Keys[snapshot.Id], cancellationToken);
                    copied.Add(snapshot.Id);
                    counters.AddSnapshot();
                    chunks += newChunks;
                    bytes += newBytes;
                }
                catch (RepositoryDamagedException e)
                {
                    // One night that is damaged must not keep all later ones from being copied.
                    damaged.Add(e);
                }
            }
        }

        var reports = await CopyReportsAsync(plan, damaged, cancellationToken);
        return new MirrorReport
        {
            From = from.Location,
            To = to.Location,
            Copied = copied,
            Reports = reports,
            Present = wanted.Count - missing.Count,
            ChunksCopied = chunks,
            BytesStored = bytes,
            Damages = [.. damaged.Select(d => new Damage(d.Key, d.What))],
            Seconds = to.Clock.GetElapsedTime(started).TotalSeconds,
        };
    }

    /// <returns>How many were missing there.</returns>
    private async Task<int> CopyReportsAsync(string? plan, List<RepositoryDamagedException> damaged, CancellationToken cancellationToken)
    {
        var here = await ReportCatalog.LoadAsync(from, cancellationToken);
        if (here.Reports.Count == 0)
        {
            return 0;
        }

        var there = (await ReportCatalog.LoadAsync(to, cancellationToken)).Reports.Select(r => r.Id).ToHashSet(StringComparer.Ordinal);
        var copied = 0;
        foreach (var report in here.Reports.Where(r => (plan is null || r.Head.Plan == plan) && !there.Contains(r.Id)))
        {
            try
            {
                await ReportCatalog.CopyAsync(from, to, report, cancellationToken);
                copied++;
            }
            catch (Storage.ObjectNotFoundException)
            {
                // A prune let it go.
            }
            catch (RepositoryDamagedException e)
            {
                damaged.Add(e);
            }
        }

        return copied;
    }

    private async Task<(long Chunks, long Bytes)> CopyAsync(
        ChunkReader reader, Snapshot snapshot, string key, CancellationToken cancellationToken)
    {
        var started = to.Clock.GetUtcNow();
        var index = await IndexLoader.LoadAsync(to, cancellationToken);
        await using var writer = new RepositoryWriter(to, index.Index, options, cancellationToken);
        counters.Begin(writer);
        await ChunkCopier.RunAsync(reader, writer, ChunksOf(reader, writer, snapshot, cancellationToken), cancellationToken);
        SnapshotRun.RefuseIfTooLong(started, to.Clock.GetUtcNow());
        // As it was written: its id is the hash of these bytes, and another version of this program may have written more.
        var json = await ObjectReader.ReadAsync(from, key, ObjectKind.Snapshot, Snapshot.MaxSize, cancellationToken);
        await SnapshotCommit.WriteAsync(to, writer.Session, snapshot, json, cancellationToken);
        return (writer.NewChunks, writer.BytesStored);
    }

    private static async IAsyncEnumerable<ChunkId> ChunksOf(
        ChunkReader reader,
        RepositoryWriter writer,
        Snapshot snapshot,
        [System.Runtime.CompilerServices.EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var name = $"snapshot {snapshot.ShortId}";
        // A large file's chunks come once; a bundle's comes with each of its files.
        var seen = new HashSet<ChunkId>();
        await using var tree = new TreeReader(reader, snapshot.Tree, name, cancellationToken);
        while (await tree.ReadAsync() is { } entry)
        {
            foreach (var segment in entry.Segments)
            {
                if (!segment.IsHole && !writer.Has(segment.Chunk) && seen.Add(segment.Chunk))
                {
                    yield return segment.Chunk;
                }
            }
        }

        foreach (var hex in snapshot.Tree.Chunks)
        {
            if (ChunkId.TryParse(hex, out var id) && seen.Add(id))
            {
                yield return id;
            }
        }
    }
}
