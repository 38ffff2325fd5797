using System.Collections.Concurrent;
using KubectlMlopsBackup.Repository.Crypto;
using KubectlMlopsBackup.Repository.Index;
using KubectlMlopsBackup.Repository.Packs;
using KubectlMlopsBackup.Repository.Reading;
using KubectlMlopsBackup.Repository.Reports;
using KubectlMlopsBackup.Repository.Retention;
using KubectlMlopsBackup.Repository.Shares;
using KubectlMlopsBackup.Repository.Snapshots;
using KubectlMlopsBackup.Repository.Storage;

namespace KubectlMlopsBackup.Repository.Verifying;

/// <summary>
/// Proves a repository, and says which snapshots and recovery points are hurt by what is wrong. Reads only, but for the record
/// of what was proven.
/// </summary>
internal sealed class Verifier(BackupRepository repository, VerifyOptions options)
{
    /// <summary>Several trees are read at once.</summary>
    private const int TreeReadAhead = 3;

    private readonly ConcurrentBag<Damage> damages = [];
    private readonly List<Damage> notes = [];
    private readonly ConcurrentDictionary<(ChunkId Pack, ChunkId Chunk), byte> bad = new();
    private HashSet<ChunkId> lost = [];
    private readonly HashSet<string> hurt = [];
    private long bytesRead;
    private int packsRead;
    private int orphans;

    private static int AtOnce => Math.Clamp(Environment.ProcessorCount, 2, 6);

    /// <summary>Bytes of packs read so far.</summary>
    public long BytesRead => Interlocked.Read(ref bytesRead);

    /// <summary>Bytes of packs to read; 0 until it is known.</summary>
    public long BytesToRead { get; private set; }

    public async Task<VerifyReport> RunAsync(CancellationToken cancellationToken)
    {
        var started = repository.Clock.GetTimestamp();
        await CheckFirstObjectsAsync(cancellationToken);
        var catalog = await SnapshotCatalog.LoadAsync(repository, cancellationToken);
        Note(catalog.Damaged, harmless: e => !e.Key.StartsWith(Snapshot.Prefix, StringComparison.Ordinal));
        await CheckReceiptsAsync(catalog, cancellationToken);
        await CheckSharesAsync(cancellationToken);
        var reports = await ReportCatalog.LoadAsync(repository, cancellationToken);
        Note(reports.Damaged, harmless: _ => true);

        var packs = await LoadPacksAsync(cancellationToken);
        var present = await CheckListingAsync(packs, cancellationToken);
        if (options.ReadData)
        {
            await ReadPacksAsync(present, cancellationToken);
        }

        var index = new ChunkIndex();
        foreach (var pack in present)
        {
            index.Add(pack, marked: false);
        }

        await CheckTreesAsync(catalog, index, cancellationToken);
        var level = options.ReadsAll ? VerificationLevel.Data : VerificationLevel.Structure;
        await RecordAsync(catalog, level, cancellationToken);
        return Report(catalog, level, packs, index, repository.Clock.GetElapsedTime(started)) with { Reports = reports.Reports.Count };
    }

    private async Task CheckFirstObjectsAsync(CancellationToken cancellationToken)
    {
        try
        {
            await BackupRepository.ReadConfigAsync(repository.Store, cancellationToken);
        }
        catch (RepositoryDamagedException e)
        {
            damages.Add(new Damage(e.Key, e.What));
        }

        var keys = 0;
        await foreach (var found in repository.Store.ListAsync(KeyFile.Prefix, cancellationToken))
        {
            keys++;
            try
            {
                KeyFile.Decode(await repository.Store.GetAsync(found.Key, KeyFile.MaxSize, cancellationToken), found.Key);
            }
            catch (Exception e) when (e is RepositoryDamagedException or InvalidDataException)
            {
                damages.Add(new Damage(found.Key, (e as RepositoryDamagedException)?.What ?? "is too large"));
            }
        }

        if (repository.Config.Encrypted && keys == 0)
        {
            damages.Add(new Damage(KeyFile.Prefix, "no key file is left: once this process has ended, nothing opens this repository"));
        }
    }

    private async Task CheckReceiptsAsync(SnapshotCatalog catalog, CancellationToken cancellationToken)
    {
        foreach (var receipt in catalog.Receipts.Where(r => !catalog.Keys.ContainsKey(r.Snapshot)))
        {
            // Prune deletes the receipt before the snapshot: one at work has taken both.
            var key = catalog.ReceiptKeys[receipt.Snapshot].First();
            if (await repository.Store.SizeAsync(key, cancellationToken) is null)
            {
                continue;
            }

            hurt.Add(receipt.Snapshot);
            damages.Add(new Damage(
                key,
                $"the {receipt.Component} snapshot {receipt.Snapshot[..8]} of {receipt.Time:u} was committed and is gone: it was not prune that deleted it"));
        }

        await CheckMissingReceiptsAsync(catalog, cancellationToken);
    }

    /// <summary>
    /// A run that was cut off right after its commit is the last before one that writes the missing receipt: no later snapshot has one. A prune
    /// that was cut off left its lease. In any other case somebody deleted the receipt, so that the loss of the snapshot would not be seen.
    /// </summary>
    private async Task CheckMissingReceiptsAsync(SnapshotCatalog catalog, CancellationToken cancellationToken)
    {
        var missing = catalog.WithoutReceipt.ToList();
        if (missing.Count == 0)
        {
            return;
        }

        // Snapshots were read after receipts: another run may just have come to its end.
        var again = await SnapshotCatalog.LoadAsync(repository, cancellationToken);
        var atWork = await repository.Store.ListAsync(Lease.Prefix, cancellationToken).AnyAsync(cancellationToken);
        foreach (var snapshot in missing.Where(s => again.Keys.ContainsKey(s.Id) && !again.ReceiptKeys.Contains(s.Id)))
        {
            var key = catalog.Keys[snapshot.Id];
            if (atWork || !again.Snapshots.Any(s =>
                s.Time > snapshot.Time && s.Finished > snapshot.Finished && again.ReceiptKeys.Contains(s.Id)))
            {
                notes.Add(new Damage(
                    key, "has no receipt yet: a run was cut off right after its commit; the next backup writes it", Harmless: true));
            }
            else
            {
                damages.Add(new Damage(
                    key,
                    "has no receipt, and later ones have: it was deleted, so nobody would see it if this snapshot went, too; the next backup writes it",
                    Harmless: true));
            }
        }
    }

    /// <summary>No snapshot needs them; a run that is at work does.</summary>
    private async Task CheckSharesAsync(CancellationToken cancellationToken)
    {
        await foreach (var found in repository.Store.ListAsync(ShareKey.Prefix, cancellationToken))
        {
            try
            {
                await ShareObjects.CheckAsync(repository, found.Key, cancellationToken);
            }
            catch (RepositoryDamagedException e)
            {
                damages.Add(new Damage(e.Key, e.What, Harmless: true));
            }
        }
    }

    private async Task<IReadOnlyList<PackInfo>> LoadPacksAsync(CancellationToken cancellationToken)
    {
        var leases = await ObjectReader.ReadAllAsync(
            repository,
            Lease.Prefix,
            ObjectKind.Lease,
            Lease.MaxSize,
            (bytes, key) => ObjectReader.Json(bytes, key, RepositoryJson.Default.Lease),
            cancellationToken);
        var objects = await IndexObjects.LoadAsync(repository, cancellationToken);
        Note(leases.Damaged, harmless: _ => true);
        Note(objects.DamagedMarks, harmless: _ => true);
        Note(objects.DamagedIndexes, harmless: _ => false);
        return objects.Packs;
    }

    /// <returns>The packs that are there, by name and size.</returns>
    private async Task<List<PackInfo>> CheckListingAsync(IReadOnlyList<PackInfo> packs, CancellationToken cancellationToken)
    {
        var stored = new Dictionary<string, long>(StringComparer.Ordinal);
        await foreach (var found in repository.Store.ListAsync(PackKey.Prefix, cancellationToken))
        {
            stored[found.Key] = found.Size;
        }

        var present = new List<PackInfo>();
        foreach (var pack in packs)
        {
            if (!stored.Remove(pack.Key, out var size))
            {
                damages.Add(new Damage(pack.Key, "is missing"));
            }
            else if (size != pack.Size)
            {
                damages.Add(new Damage(pack.Key, $"has {size} bytes, and had {pack.Size}"));
            }
            else
            {
                present.Add(pack);
            }
        }

        orphans = stored.Count;
        if (options.ReadsAll)
        {
            await CheckOrphansAsync(stored.Keys, cancellationToken);
        }

        return present;
    }

    /// <summary>No snapshot needs them; but what is named by a hash and is not it, is damage that is worth knowing of.</summary>
    private async Task CheckOrphansAsync(IEnumerable<string> keys, CancellationToken cancellationToken)
    {
        foreach (var key in keys)
        {
            try
            {
                ObjectName.Check(key, await repository.Store.GetAsync(key, PackInfo.MaxSize, cancellationToken));
            }
            catch (Exception e) when (e is RepositoryDamagedException or InvalidDataException)
            {
                damages.Add(new Damage(key, "no index names it, and its content is not what its name says", Harmless: true));
            }
            catch (ObjectNotFoundException)
            {
                // A prune took it away.
            }
        }
    }

    private async Task ReadPacksAsync(List<PackInfo> packs, CancellationToken cancellationToken)
    {
        var chosen = packs.Where(p => options.Includes(p.Id) && (options.Share >= 1 || options.Random.NextDouble() < options.Share)).ToList();
        if (chosen.Count == 0 && packs.Count > 0 && options.Part is null)
        {
            chosen.Add(packs[options.Random.Next(packs.Count)]);
        }

        BytesToRead = chosen.Sum(p => p.Size);
        var queue = new ConcurrentQueue<PackInfo>(chosen);
        // Each worker holds a whole pack.
        var workers = Enumerable.Range(0, AtOnce).Select(_ => Task.Run(
            async () =>
            {
                using var verifier = new PackVerifier(repository);
                while (queue.TryDequeue(out var pack))
                {
                    var found = await verifier.VerifyAsync(pack, cancellationToken);
                    Interlocked.Add(ref bytesRead, pack.Size);
                    Interlocked.Increment(ref packsRead);
                    if (found is { } wrong)
                    {
                        damages.Add(wrong.Damage);
                        foreach (var id in wrong.Lost)
                        {
                            bad.TryAdd((pack.Id, id), 0);
                        }
                    }
                }
            },
            cancellationToken));
        await Task.WhenAll(workers);
        // What another pack holds unhurt is not lost: readers take it from there.
        lost = [.. bad.Keys.Select(b => b.Chunk)];
        lost.ExceptWith([.. packs.SelectMany(p => p.Chunks
            .Where(c => lost.Contains(c.Id) && !bad.ContainsKey((p.Id, c.Id)))
            .Select(c => c.Id))]);
    }

    private async Task CheckTreesAsync(SnapshotCatalog catalog, ChunkIndex index, CancellationToken cancellationToken)
    {
        using var reader = new ChunkReader(repository, index);
        var wrong = new ConcurrentDictionary<string, RepositoryDamagedException>();
        // Nights without a change have the same tree: it is read once.
        var trees = catalog.Snapshots.GroupBy(s => (string.Join(',', s.Tree.Chunks), s.Tree.Entries));
        await Parallel.ForEachAsync(
            trees,
            new ParallelOptions { MaxDegreeOfParallelism = AtOnce, CancellationToken = cancellationToken },
            async (snapshots, stop) =>
            {
                try
                {
                    await CheckTreeAsync(snapshots.First(), reader, stop);
                }
                catch (RepositoryDamagedException e)
                {
                    foreach (var snapshot in snapshots)
                    {
                        wrong[snapshot.Id] = e;
                    }
                }
            });
        foreach (var (id, e) in wrong)
        {
            hurt.Add(id);
            damages.Add(new Damage(catalog.Keys[id], $"cannot be restored whole: {e.Message}"));
        }
    }

    private async Task CheckTreeAsync(Snapshot snapshot, ChunkReader reader, CancellationToken cancellationToken)
    {
        long entries = 0;
        await using var tree = new TreeReader(reader, snapshot.Tree, $"snapshot {snapshot.ShortId}", cancellationToken, TreeReadAhead);
        while (await tree.ReadAsync() is { } entry)
        {
            entries++;
            foreach (var segment in entry.Segments)
            {
                if (segment.IsHole)
                {
                    continue;
                }

                if (!reader.Index.TryFind(segment.Chunk, out var location)
                    || location.Length < segment.Offset + segment.Length
                    || lost.Contains(segment.Chunk))
                {
                    throw new RepositoryDamagedException(entry.DisplayPath, $"its chunk {segment.Chunk} is lost");
                }
            }
        }

        if (entries != snapshot.Tree.Entries)
        {
            throw new RepositoryDamagedException("its tree", $"has {entries} entries, and had {snapshot.Tree.Entries}");
        }
    }

    private async Task RecordAsync(SnapshotCatalog catalog, VerificationLevel level, CancellationToken cancellationToken)
    {
        var good = catalog.Snapshots.Select(s => s.Id).Where(id => !hurt.Contains(id)).ToList();
        if (good.Count == 0)
        {
            return;
        }

        await new Verification(repository.Clock.GetUtcNow(), level, good).RecordAsync(repository, cancellationToken);
    }

    private VerifyReport Report(
        SnapshotCatalog catalog, VerificationLevel level, IReadOnlyList<PackInfo> packs, ChunkIndex index, TimeSpan elapsed)
    {
        var points = RecoveryPoint.In(catalog.Snapshots);
        return new VerifyReport
        {
            Repository = repository.Location,
            Level = level,
            Damages = [.. damages.DistinctBy(d => (d.Key, d.What)).OrderBy(d => d.Harmless).ThenBy(d => d.Key, StringComparer.Ordinal)],
            Notes = notes,
            HurtSnapshots = [.. hurt.Order(StringComparer.Ordinal)],
            HurtRecoveryPoints = [.. points.Where(p => p.Snapshots.Any(s => hurt.Contains(s.Id))).Select(p => p.Id)],
            Snapshots = catalog.Snapshots.Count,
            RecoveryPoints = points.Count,
            Packs = packs.Count,
            PacksRead = packsRead,
            BytesRead = BytesRead,
            Chunks = index.ChunkCount,
            OrphanPacks = orphans,
            Seconds = elapsed.TotalSeconds,
        };
    }

    private void Note(IEnumerable<RepositoryDamagedException> found, Func<RepositoryDamagedException, bool> harmless)
    {
        foreach (var e in found)
        {
            damages.Add(new Damage(e.Key, e.What, harmless(e)));
        }
    }
}
