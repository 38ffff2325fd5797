using System.Text.Json;
using KubectlMlopsBackup.Repository.Crypto;
using KubectlMlopsBackup.Repository.Index;
using KubectlMlopsBackup.Repository.Packs;
using KubectlMlopsBackup.Repository.Reading;
using KubectlMlopsBackup.Repository.Reports;
using KubectlMlopsBackup.Repository.Shares;
using KubectlMlopsBackup.Repository.Snapshots;
using KubectlMlopsBackup.Repository.Storage;
using KubectlMlopsBackup.Repository.Writing;

namespace KubectlMlopsBackup.Repository.Retention;

/// <summary>
/// Lets go what retention does not keep, in two phases, so that no backup ever has to wait (docs/repository-format.md,
/// "The order of writing"): what nothing needs is marked, and deleted when that still holds after the grace period.
/// </summary>
internal sealed class Pruner(BackupRepository repository, PruneOptions options)
{
    /// <summary>With more index objects than this, reading them costs more than putting one in their place.</summary>
    private const int MostIndexes = 64;

    private int retained;
    private int deletedPacks;
    private long deletedBytes;

    /// <exception cref="UserError">Another prune is at work, or damage was seen: then nothing is deleted.</exception>
    public async Task<PruneReport> RunAsync(CancellationToken cancellationToken)
    {
        if (options.DryRun)
        {
            return await RunAsync(null, cancellationToken);
        }

        await using var lease = await PruneLease.TakeAsync(repository, cancellationToken, options.Waiting);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, lease.Ended);
        try
        {
            return await RunAsync(lease, either.Token);
        }
        catch (OperationCanceledException) when (lease.Ended.IsCancellationRequested && !cancellationToken.IsCancellationRequested)
        {
            throw lease.Lost();
        }
    }

    private async Task<PruneReport> RunAsync(PruneLease? lease, CancellationToken cancellationToken)
    {
        var catalog = await LoadCatalogAsync(cancellationToken);
        var decisions = RetentionRules.Decide(catalog, options.Policy, repository.Clock.GetUtcNow());
        var going = decisions.Where(d => !d.Keep).Select(d => d.Snapshot).ToList();
        if (!options.DryRun)
        {
            await DeleteSnapshotsAsync(catalog, going, cancellationToken);
            catalog = await LoadCatalogAsync(cancellationToken);
            await MendReceiptsAsync(catalog, going, cancellationToken);
        }

        var kept = options.DryRun
            ? [.. decisions.Where(d => d.Keep).Select(d => d.Snapshot)]
            : catalog.Snapshots;
        var state = await PruneState.LoadAsync(repository, cancellationToken);
        var use = await UseAsync(state.Index, kept, cancellationToken);
        var poor = state.PoorPacks(use, options.RepackBelow);
        if (!options.DryRun && poor.Count > 0)
        {
            await RepackAsync(state.Index, use, poor, cancellationToken);
            state = await PruneState.LoadAsync(repository, cancellationToken, poor);
            use.Locate(state.Index);
        }

        var unused = state.UnusedPacks(use);
        var orphans = state.Orphans();
        var toMark = unused.Where(p => !state.Marked.Contains(p.Id)).ToList();
        var newOrphans = orphans.Where(p => !state.MarkedOrphans.Contains(p.Id)).ToList();
        var reports = ReportRetention.Going(
            (await ReportCatalog.LoadAsync(repository, cancellationToken)).Reports,
            kept.Select(s => s.Id).ToHashSet(StringComparer.Ordinal),
            repository.Clock.GetUtcNow());
        if (!options.DryRun)
        {
            await MarkAsync(toMark, newOrphans, cancellationToken);
            lease!.RefuseIfEnded();
            await SweepAsync(state, unused, orphans, cancellationToken);
            await DeleteOldVerificationsAsync(catalog, cancellationToken);
            foreach (var report in reports)
            {
                await DeleteAsync(report.Key, cancellationToken);
            }

            retained += await ShareCleaner.RunAsync(repository, options.Grace, cancellationToken);
            (repository.Store as DirectoryStore)?.RemoveStaleTemporaries(repository.Clock);
        }

        return new PruneReport
        {
            Repository = repository.Location,
            DryRun = options.DryRun,
            Decisions = decisions,
            PacksMarked = toMark.Count + newOrphans.Count,
            BytesMarked = toMark.Concat(newOrphans).Sum(p => p.Size),
            PacksDeleted = deletedPacks,
            BytesDeleted = deletedBytes,
            PacksRewritten = poor.Count,
            Reports = reports.Count,
            Retained = retained,
            BytesBefore = state.StoredBytes + deletedBytes,
        };
    }

    private async Task<SnapshotCatalog> LoadCatalogAsync(CancellationToken cancellationToken)
    {
        var catalog = await SnapshotCatalog.LoadAsync(repository, cancellationToken);
        return catalog.Damaged.Count == 0 ? catalog : throw Damaged(catalog.Damaged[0]);
    }

    private async Task<PackUse> UseAsync(
        ChunkIndex index, IReadOnlyList<Snapshot> kept, CancellationToken cancellationToken)
    {
        try
        {
            return await PackUse.OfAsync(repository, index, kept, cancellationToken);
        }
        catch (RepositoryDamagedException e)
        {
            throw Damaged(e);
        }
    }

    private UserError Damaged(RepositoryDamagedException damage) => new(
        $"{repository.Location} is damaged ({damage.Message}); nothing more is deleted from a damaged repository",
        "see what is hurt with: kubectl mlopsbackup verify data",
        ExitCode.CheckFailed,
        damage);

    private async Task DeleteSnapshotsAsync(
        SnapshotCatalog catalog, List<Snapshot> going, CancellationToken cancellationToken)
    {
        // The receipt first: a receipt without its snapshot means that someone took the snapshot away.
        foreach (var snapshot in going)
        {
            foreach (var receipt in catalog.ReceiptKeys[snapshot.Id])
            {
                await DeleteAsync(receipt, cancellationToken);
            }

            await DeleteAsync(catalog.Keys[snapshot.Id], cancellationToken);
        }
    }

    /// <summary>A backup that saw a snapshot without its receipt, which was just deleted, may have written another one.</summary>
    private async Task MendReceiptsAsync(
        SnapshotCatalog catalog, List<Snapshot> gone, CancellationToken cancellationToken)
    {
        foreach (var receipt in gone.Where(s => !catalog.Keys.ContainsKey(s.Id)).SelectMany(s => catalog.ReceiptKeys[s.Id]))
        {
            await DeleteAsync(receipt, cancellationToken);
        }

        await SnapshotCommit.WriteMissingReceiptsAsync(
            repository, new WritingSession(repository.Secrets), catalog, cancellationToken);
    }

    private async Task RepackAsync(
        ChunkIndex index, PackUse use, IReadOnlySet<ChunkId> poor, CancellationToken cancellationToken)
    {
        using var reader = new ChunkReader(repository, index);
        // To a writer that takes the poor packs for marked, their chunks are missing.
        var without = await PruneState.LoadAsync(repository, cancellationToken, poor);
        await using var writer = new RepositoryWriter(repository, without.Index, WriterOptions.Default, cancellationToken);
        var chunks = use.Needed.Where(id => index.TryFind(id, out var l) && poor.Contains(index.PackOf(l).Id));
        await ChunkCopier.RunAsync(reader, writer, chunks.ToAsyncEnumerable(), cancellationToken);
    }

    private async Task MarkAsync(
        List<PackSummary> packs, List<PackSummary> orphans, CancellationToken cancellationToken)
    {
        if (packs.Count + orphans.Count == 0)
        {
            return;
        }

        var now = repository.Clock.GetUtcNow();
        var json = JsonSerializer.SerializeToUtf8Bytes(
            new Mark(now, [.. packs.Select(p => p.Id.ToString())], [.. orphans.Select(p => p.Id.ToString())]),
            RepositoryJson.Default.Mark);
        var bytes = SmallObject.Encode(new WritingSession(repository.Secrets), ObjectKind.Mark, json);
        await repository.Store.PutAsync(ObjectName.Of(Mark.Prefix, now, bytes), bytes, cancellationToken);
    }

    private async Task SweepAsync(
        PruneState state,
        IReadOnlyList<PackSummary> unused,
        IReadOnlyList<PackSummary> orphans,
        CancellationToken cancellationToken)
    {
        var now = repository.Clock.GetUtcNow();
        var old = state.Marks.Where(m => now - m.Value.Time >= options.Grace).ToList();
        var oldPacks = old.SelectMany(m => m.Value.Packs).ToHashSet(StringComparer.Ordinal);
        var oldOrphans = old.SelectMany(m => m.Value.Orphans).ToHashSet(StringComparer.Ordinal);
        var doomed = unused.Where(p => oldPacks.Contains(p.Id.ToString())).ToList();
        if (doomed.Count > 0 || state.IndexCount > MostIndexes)
        {
            var kept = await state.WriteIndexWithoutAsync(
                repository, doomed.Select(p => p.Id).ToHashSet(), cancellationToken);
            if (kept > 0)
            {
                // An index that stays names these packs: they stay too, and marked, or a backup would rely on them.
                retained += kept;
                return;
            }
        }

        foreach (var pack in doomed.Concat(orphans.Where(p => oldOrphans.Contains(p.Id.ToString()))))
        {
            if (await DeleteAsync(pack.Key, cancellationToken))
            {
                deletedPacks++;
                deletedBytes += pack.Size;
            }
        }

        foreach (var (key, _) in old)
        {
            await DeleteAsync(key, cancellationToken);
        }
    }

    private async Task DeleteOldVerificationsAsync(SnapshotCatalog catalog, CancellationToken cancellationToken)
    {
        foreach (var (key, verification) in catalog.Verifications)
        {
            if (!verification.Snapshots.Any(catalog.Keys.ContainsKey))
            {
                await DeleteAsync(key, cancellationToken);
            }
        }
    }

    private async Task<bool> DeleteAsync(string key, CancellationToken cancellationToken)
    {
        var outcome = await repository.Store.DeleteAsync(key, cancellationToken);
        if (outcome == DeleteOutcome.Retained)
        {
            retained++;
        }

        return outcome == DeleteOutcome.Deleted;
    }
}
