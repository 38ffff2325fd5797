using System.Text.Json;
using KubectlMlopsBackup.Repository;
using KubectlMlopsBackup.Repository.Crypto;
using KubectlMlopsBackup.Repository.Index;
using KubectlMlopsBackup.Repository.Packs;
using KubectlMlopsBackup.Repository.Retention;
using KubectlMlopsBackup.Repository.Snapshots;
using KubectlMlopsBackup.Repository.Storage;
using KubectlMlopsBackup.Repository.Writing;
using KubectlMlopsBackup.Testing;
using Microsoft.Extensions.Time.Testing;

namespace KubectlMlopsBackup.UnitTests.Repository;

/// <summary>Backups beside prunes. A backup is held at the end of its walk while others work, and the clock is the test's.</summary>
public sealed class ConcurrencyTests : IDisposable
{
    private static readonly RetentionPolicy OnlyNewest = new();

    private readonly FakeTimeProvider clock = Engine.Clock();
    private readonly MemoryStore store = new();

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Two_backups_at_once_into_one_repository_are_both_whole(bool encrypted)
    {
        var repository = await Engine.CreateAsync(store, clock, encrypted);
        var random = new Random(11);
        var left = Engine.FirstNight(random);
        var right = Engine.NextNight(random, left, 1);
        for (var round = 0; round < 5; round++)
        {
            var both = await Task.WhenAll(
                Task.Run(() => Engine.BackUpAsync(repository, left, "left"), Engine.Cancel),
                Task.Run(() => Engine.BackUpAsync(repository, right, "right"), Engine.Cancel));
            await Engine.AssertRestoresAsync(repository, both[0], left);
            await Engine.AssertRestoresAsync(repository, both[1], right);
            left = Engine.NextNight(random, left, round);
            right = Engine.NextNight(random, right, round);
            clock.Advance(TimeSpan.FromHours(1));
        }

        Assert.True((await Engine.VerifyAsync(repository)).Good);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task What_a_backup_with_an_older_index_relies_on_is_not_swept_after_its_commit(bool encrypted)
    {
        var (repository, files) = await WithUnusedPacksAsync(encrypted);
        var held = Hold(repository, files);
        await held.Reached;
        Assert.True((await PruneAsync(repository)).PacksMarked > 0);
        clock.Advance(TimeSpan.FromHours(20));
        var snapshot = await held.FinishAsync();
        Assert.Equal(0, snapshot.Stats.BytesNew);
        clock.Advance(TimeSpan.FromHours(29));
        await PruneAsync(repository);
        clock.Advance(TimeSpan.FromHours(49));
        await PruneAsync(repository);
        await AssertGoodAsync(repository, snapshot, files);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Marked_packs_are_not_used_by_a_later_backup(bool encrypted)
    {
        var (repository, files) = await WithUnusedPacksAsync(encrypted);
        await PruneAsync(repository);
        clock.Advance(TimeSpan.FromHours(1));
        var snapshot = await Engine.BackUpAsync(repository, files);
        Assert.True(snapshot.Stats.BytesNew > 200_000, $"{snapshot.Stats.BytesNew} bytes were stored anew");
        clock.Advance(TimeSpan.FromHours(48));
        Assert.True((await PruneAsync(repository)).PacksDeleted > 0);
        await AssertGoodAsync(repository, snapshot, files);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task What_a_backup_stores_anew_is_not_swept_with_the_marked_packs_of_the_same_content(bool encrypted)
    {
        var (repository, files) = await WithUnusedPacksAsync(encrypted);
        await PruneAsync(repository);
        clock.Advance(TimeSpan.FromHours(47));
        var held = Hold(repository, files);
        await UntilAsync(() => held.PacksCommitted >= 10);
        clock.Advance(TimeSpan.FromHours(2));
        Assert.True((await PruneAsync(repository)).PacksDeleted > 0);
        await AssertGoodAsync(repository, await held.FinishAsync(), files);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task What_a_backup_stores_anew_is_not_swept_with_the_packs_of_a_run_that_was_cut_off(bool encrypted)
    {
        var repository = await Engine.CreateAsync(store, clock, encrypted);
        await Engine.BackUpAsync(repository, new Dictionary<string, byte[]> { ["other"] = [1] }, "other");
        var files = Engine.FirstNight(new Random(12));
        var dying = new FaultyStore(
            store,
            call => call.Operation == StoreOperation.Commit && call.Key.StartsWith(IndexFile.Prefix, StringComparison.Ordinal)
                ? StoreFault.Crash
                : StoreFault.None);
        await Assert.ThrowsAsync<InjectedFaultException>(() => Engine.BackUpAsync(repository.Through(dying, clock), files, options: PackPerChunk));
        Assert.True((await PruneAsync(repository)).PacksMarked > 0);
        clock.Advance(TimeSpan.FromHours(48));
        var held = Hold(repository, files);
        await UntilAsync(() => held.PacksCommitted >= 10);
        Assert.True((await PruneAsync(repository)).PacksDeleted > 0);
        await AssertGoodAsync(repository, await held.FinishAsync(), files);
    }

    [Fact]
    public async Task A_backup_of_more_than_a_day_is_not_committed()
    {
        var repository = await Engine.CreateAsync(store, clock);
        var files = Engine.FirstNight(new Random(13));
        var held = Hold(repository, files);
        await held.Reached;
        clock.Advance(TimeSpan.FromHours(24) + TimeSpan.FromSeconds(1));
        var error = await Assert.ThrowsAsync<UserError>(held.FinishAsync);
        Assert.Contains("nothing is committed", error.Message);
        Assert.Empty((await Engine.CatalogAsync(repository)).Snapshots);
        await AssertGoodAsync(repository, await Engine.BackUpAsync(repository, files), files);
    }

    [Fact]
    public async Task A_backup_that_slept_while_prune_swept_its_packs_leaves_no_index_that_names_them()
    {
        var repository = await Engine.CreateAsync(store, clock);
        await Engine.BackUpAsync(repository, new Dictionary<string, byte[]> { ["other"] = [1] }, "other");
        var files = Engine.FirstNight(new Random(14));
        // Packs of 48 KiB, and one index at the end: they lie there without one.
        var held = Hold(repository, files, Engine.SmallPacks with { PacksPerIndex = 1000 });
        await held.Reached;
        await UntilAsync(() => Packs() >= 3);
        await PruneAsync(repository);
        clock.Advance(TimeSpan.FromHours(49));
        Assert.True((await PruneAsync(repository)).PacksDeleted > 0);
        await Assert.ThrowsAsync<UserError>(held.FinishAsync);
        await AssertGoodAsync(repository, await Engine.BackUpAsync(repository, files), files);
    }

    [Fact]
    public async Task Packs_of_a_running_backup_that_were_marked_as_orphans_stay_once_they_are_indexed()
    {
        var repository = await Engine.CreateAsync(store, clock);
        await Engine.BackUpAsync(repository, new Dictionary<string, byte[]> { ["other"] = [1] }, "other");
        var files = Engine.FirstNight(new Random(15));
        var held = Hold(repository, files, Engine.SmallPacks with { PacksPerIndex = 1000 });
        await held.Reached;
        await UntilAsync(() => Packs() >= 3);
        Assert.True((await PruneAsync(repository)).PacksMarked > 0);
        clock.Advance(TimeSpan.FromHours(1));
        var snapshot = await held.FinishAsync();

        var second = await Engine.BackUpAsync(repository, files, "second");
        Assert.Equal(0, second.Stats.BytesNew);
        clock.Advance(TimeSpan.FromHours(49));
        Assert.Equal(0, (await PruneAsync(repository)).PacksDeleted);
        await AssertGoodAsync(repository, snapshot, files);
    }

    [Fact]
    public async Task A_backup_that_commits_between_any_two_steps_of_a_prune_is_whole()
    {
        var (repository, files) = await WithUnusedPacksAsync(encrypted: false);
        await PruneAsync(repository);
        clock.Advance(TimeSpan.FromHours(49));
        var next = Engine.NextNight(new Random(16), files, 9);
        var calls = 1;
        for (var k = 1; k <= calls; k++)
        {
            var copy = store.Clone();
            var inner = repository.Through(copy, clock);
            Snapshot? snapshot = null;
            var faulty = new FaultyStore(copy, call =>
            {
                if (call.Total == k)
                {
                    snapshot = Task.Run(() => Engine.BackUpAsync(inner, next, "beside")).GetAwaiter().GetResult();
                }

                return StoreFault.None;
            });
            Assert.True((await PruneAsync(repository.Through(faulty, clock))).PacksDeleted > 0);
            calls = faulty.Calls;
            await AssertGoodAsync(inner, snapshot!, next);
        }

        Assert.True(calls > 20);
    }

    [Fact]
    public async Task A_lease_is_renewed_as_long_as_the_prune_works_and_refuses_a_second_one()
    {
        var (repository, _) = await WithUnusedPacksAsync(encrypted: false);
        await using (await PruneLease.TakeAsync(repository, Engine.Cancel))
        {
            for (var minute = 0; minute < 10; minute++)
            {
                var error = await Assert.ThrowsAsync<UserError>(() => PruneAsync(repository));
                Assert.Equal(ExitCode.Locked, error.Code);
                await RenewAsync();
            }
        }

        Assert.Empty(Leases());
        await PruneAsync(repository);
        Assert.Empty(Leases());
    }

    [Fact]
    public async Task A_lease_of_a_process_that_is_gone_from_this_machine_holds_nobody_up()
    {
        var (repository, _) = await WithUnusedPacksAsync(encrypted: false);
        var self = LeaseProcess.Current!;
        foreach (var gone in new[] { self with { Started = self.Started - 1 }, self with { Id = int.MaxValue } })
        {
            await PutLeaseAsync(repository, Environment.MachineName, gone);
            await PruneAsync(repository);
            Assert.Empty(Leases());
        }
    }

    [Theory]
    [InlineData(-11)]
    [InlineData(0)]
    [InlineData(11)]
    public async Task A_lease_of_another_host_is_waited_for_no_longer_than_it_lasts_whatever_time_it_is_there(int hours)
    {
        var (repository, _) = await WithUnusedPacksAsync(encrypted: false);
        await PutLeaseAsync(repository, "another", LeaseProcess.Current, hours);
        var told = "";
        var prune = Task.Run(
            () => new Pruner(repository, new PruneOptions { Policy = OnlyNewest, Waiting = line => told = line }).RunAsync(Engine.Cancel),
            Engine.Cancel);
        await UntilAsync(() => told.Length > 0);
        var began = clock.GetUtcNow();
        await UntilAsync(() => Advance(prune));
        await prune;
        Assert.Contains("on another", told, StringComparison.Ordinal);
        Assert.Empty(Leases());
        Assert.True(clock.GetUtcNow() - began >= Lease.Duration);
    }

    [Fact]
    public async Task A_prune_that_is_at_work_on_another_host_is_left_alone_whatever_time_it_is_there()
    {
        var (repository, _) = await WithUnusedPacksAsync(encrypted: false);
        await using var other = await PruneLease.TakeAsync(repository, Engine.Cancel, host: "another");
        var told = "";
        var prune = Task.Run(
            () => new Pruner(repository, new PruneOptions { Policy = OnlyNewest, Waiting = line => told = line }).RunAsync(Engine.Cancel),
            Engine.Cancel);
        await UntilAsync(() => told.Length > 0);
        await RenewAsync();
        await UntilAsync(() => Advance(prune));
        Assert.Equal(ExitCode.Locked, (await Assert.ThrowsAsync<UserError>(() => prune)).Code);
        Assert.False(other.Ended.IsCancellationRequested);
    }

    [Fact]
    public async Task A_lease_that_was_taken_away_has_ended()
    {
        var (repository, _) = await WithUnusedPacksAsync(encrypted: false);
        await using var lease = await PruneLease.TakeAsync(repository, Engine.Cancel);
        lease.RefuseIfEnded();
        store.Tamper(Leases().Single(), _ => null);
        clock.Advance(Lease.Duration / 3);
        await UntilAsync(() => lease.Ended.IsCancellationRequested);
        Assert.Equal(ExitCode.Locked, Assert.Throws<UserError>(lease.RefuseIfEnded).Code);
        Assert.Empty(Leases());
    }

    [Fact]
    public async Task A_prune_whose_store_takes_no_renewal_stops_before_its_lease_can_be_taken_over()
    {
        var (repository, _) = await WithUnusedPacksAsync(encrypted: false);
        await PruneAsync(repository);
        clock.Advance(TimeSpan.FromHours(49));
        var packs = Packs();
        var leases = 0;
        var slow = new FaultyStore(store, call =>
        {
            if (call.Operation == StoreOperation.List && call.Key == PackKey.Prefix)
            {
                clock.Advance(Lease.Duration);
            }

            return call.Operation == StoreOperation.Commit && call.Key.StartsWith(Lease.Prefix, StringComparison.Ordinal) && leases++ > 0
                ? StoreFault.ThrowBefore
                : StoreFault.None;
        });
        var error = await Assert.ThrowsAsync<UserError>(() => PruneAsync(repository.Through(slow, clock)));
        Assert.Equal(ExitCode.Locked, error.Code);
        Assert.Equal(packs, Packs());
    }

    [Fact]
    public async Task Of_two_prunes_that_race_for_the_lease_at_most_one_works()
    {
        var repository = await Engine.CreateAsync(store, clock);
        for (var round = 0; round < 30; round++)
        {
            // The second has looked, and found no lease; only then does the first take one.
            var firstIsDone = new TaskCompletionSource();
            var secondHasLooked = new TaskCompletionSource();
            var slow = new FaultyStore(store, call =>
            {
                if (call.Operation == StoreOperation.Commit)
                {
                    secondHasLooked.TrySetResult();
                    firstIsDone.Task.GetAwaiter().GetResult();
                }

                return StoreFault.None;
            });
            var second = Task.Run(() => TryTakeAsync(repository.Through(slow, clock)), Engine.Cancel);
            await secondHasLooked.Task;
            var first = await TryTakeAsync(repository);
            firstIsDone.SetResult();
            var both = new[] { first, await second };
            Assert.Single(both, l => l is not null);
            foreach (var lease in both.OfType<PruneLease>())
            {
                await lease.DisposeAsync();
            }
        }
    }

    [Fact]
    public async Task A_prune_that_outlived_its_lease_deletes_no_pack()
    {
        var (repository, _) = await WithUnusedPacksAsync(encrypted: false);
        await PruneAsync(repository);
        clock.Advance(TimeSpan.FromHours(49));
        var packs = Packs();
        var slow = new FaultyStore(store, call =>
        {
            if (call.Operation == StoreOperation.List && call.Key == PackKey.Prefix)
            {
                clock.Advance(TimeSpan.FromHours(5));
            }

            return StoreFault.None;
        });
        var error = await Assert.ThrowsAsync<UserError>(() => PruneAsync(repository.Through(slow, clock)));
        Assert.Equal(ExitCode.Locked, error.Code);
        Assert.Equal(packs, Packs());
        Assert.True((await PruneAsync(repository)).PacksDeleted > 0);
    }

    [Fact]
    public async Task Packs_stay_as_long_as_the_store_keeps_an_index_that_names_them()
    {
        var (repository, files) = await WithUnusedPacksAsync(encrypted: false);
        await PruneAsync(repository);
        clock.Advance(TimeSpan.FromHours(49));
        var locked = repository.Through(new RetainingStore(store, IndexFile.Prefix), clock);
        var report = await PruneAsync(locked);
        Assert.Equal(0, report.PacksDeleted);
        Assert.True(report.Retained > 0);
        await AssertGoodAsync(repository, await Engine.BackUpAsync(locked, files), files);
        await PruneAsync(repository);
        await Engine.AssertUnhurtAsync(repository);
    }

    [Fact]
    public async Task Prune_deletes_every_receipt_of_a_snapshot()
    {
        var repository = await Engine.CreateAsync(store, clock, encrypted: true);
        var files = Engine.FirstNight(new Random(17));
        await Engine.BackUpAsync(repository, files);
        var receipt = store.Objects.Keys.Single(k => k.StartsWith(Receipt.Prefix, StringComparison.Ordinal));
        store.Tamper(receipt, _ => null);
        // Both see that it is missing, and both write it: under two names, since each seals it with a salt of its own.
        clock.Advance(TimeSpan.FromHours(1));
        var held = Hold(repository, files);
        await held.Reached;
        clock.Advance(TimeSpan.FromHours(1));
        await Engine.BackUpAsync(repository, files);
        await held.FinishAsync();
        Assert.Equal(4, store.Objects.Keys.Count(k => k.StartsWith(Receipt.Prefix, StringComparison.Ordinal)));
        clock.Advance(TimeSpan.FromHours(1));
        await PruneAsync(repository);
        var report = await Engine.VerifyAsync(repository);
        Assert.True(report.Good, string.Join("; ", report.Damages));
    }

    [Fact]
    public async Task The_next_backup_writes_every_missing_receipt_and_until_then_verify_only_notes_them()
    {
        var repository = await Engine.CreateAsync(store, clock, encrypted: true);
        var receipts = new List<string>();
        for (var night = 0; night < 4; night++)
        {
            await Engine.BackUpAsync(repository, Engine.FirstNight(new Random(night)), $"plan{night % 2}");
            receipts.Add(Receipts().Except(receipts).Single());
            clock.Advance(TimeSpan.FromHours(1));
        }

        store.Tamper(receipts[2], _ => null);
        store.Tamper(receipts[3], _ => null);
        var report = await Engine.VerifyAsync(repository);
        Assert.True(report.Good, string.Join("; ", report.Damages));
        Assert.Equal(2, report.Notes.Count);
        clock.Advance(TimeSpan.FromHours(1));
        await Engine.BackUpAsync(repository, Engine.FirstNight(new Random(4)), "another");
        Assert.Equal(5, Receipts().Length);
        Assert.Empty((await Engine.VerifyAsync(repository)).Notes);
    }

    [Fact]
    public async Task A_receipt_that_was_deleted_is_found_where_later_ones_are_there()
    {
        var repository = await Engine.CreateAsync(store, clock);
        await Engine.BackUpAsync(repository, Engine.FirstNight(new Random(1)));
        var first = Receipts().Single();
        clock.Advance(TimeSpan.FromHours(1));
        await Engine.BackUpAsync(repository, Engine.FirstNight(new Random(2)));
        store.Tamper(first, _ => null);
        var report = await Engine.VerifyAsync(repository);
        Assert.False(report.Good);
        Assert.Contains("was deleted", Assert.Single(report.Damages).What, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_receipt_of_a_snapshot_that_a_prune_takes_meanwhile_is_taken_back()
    {
        var repository = await Engine.CreateAsync(store, clock);
        var files = Engine.FirstNight(new Random(1));
        await Engine.BackUpAsync(repository, files);
        store.Tamper(Receipts().Single(), _ => null);
        var old = store.Objects.Keys.Single(k => k.StartsWith(Snapshot.Prefix, StringComparison.Ordinal));
        clock.Advance(TimeSpan.FromHours(1));
        var beside = new FaultyStore(store, call =>
        {
            if (call.Operation == StoreOperation.Commit && call.Key.StartsWith(Receipt.Prefix, StringComparison.Ordinal)
                && store.Objects.ContainsKey(old))
            {
                store.Tamper(old, _ => null);
            }

            return StoreFault.None;
        });
        await Engine.BackUpAsync(repository.Through(beside, clock), files);
        var report = await Engine.VerifyAsync(repository);
        Assert.True(report is { Good: true, Snapshots: 1, Notes.Count: 0 }, string.Join("; ", report.Damages));
    }

    [Fact]
    public async Task Verify_beside_a_backup_or_a_prune_sees_no_damage()
    {
        var (repository, files) = await WithUnusedPacksAsync(encrypted: false);
        await Engine.BackUpAsync(repository, files, "again");
        clock.Advance(TimeSpan.FromHours(1));
        var calls = 1;
        for (var k = 1; k <= calls; k++)
        {
            foreach (var prune in new[] { false, true })
            {
                var copy = store.Clone();
                var inner = repository.Through(copy, clock);
                var beside = new FaultyStore(copy, call =>
                {
                    if (call.Total == k)
                    {
                        Task.Run(() => prune ? (Task)PruneAsync(inner) : Engine.BackUpAsync(inner, files, "beside"))
                            .GetAwaiter().GetResult();
                    }

                    return StoreFault.None;
                });
                await Engine.AssertUnhurtAsync(repository.Through(beside, clock));
                calls = beside.Calls;
            }
        }
    }

    public void Dispose() => store.Dispose();

    /// <summary>Equal content makes equal packs, but for their salt.</summary>
    private static readonly WriterOptions PackPerChunk =
        WriterOptions.Default with { Encoders = 1, PackSize = 1, PacksPerIndex = int.MaxValue };

    private static Task<PruneReport> PruneAsync(BackupRepository repository) => Engine.PruneAsync(repository, OnlyNewest);

    private static async Task<PruneLease?> TryTakeAsync(BackupRepository repository)
    {
        try
        {
            return await PruneLease.TakeAsync(repository, Engine.Cancel);
        }
        catch (UserError e) when (e.Code == ExitCode.Locked)
        {
            return null;
        }
    }

    private static async Task AssertGoodAsync(
        BackupRepository repository, Snapshot snapshot, IReadOnlyDictionary<string, byte[]> files)
    {
        await Engine.AssertUnhurtAsync(repository);
        await Engine.AssertRestoresAsync(repository, snapshot, files);
    }

    private static async Task UntilAsync(Func<bool> reached)
    {
        while (!reached())
        {
            await Task.Delay(1, Engine.Cancel);
        }
    }

    private string[] Receipts() => [.. store.Objects.Keys.Where(k => k.StartsWith(Receipt.Prefix, StringComparison.Ordinal))];

    private string[] Leases() => [.. store.Objects.Keys.Where(k => k.StartsWith(Lease.Prefix, StringComparison.Ordinal))];

    private async Task RenewAsync()
    {
        var before = Leases();
        clock.Advance(Lease.Duration / 3);
        await UntilAsync(() => Leases() is [var only] && !before.Contains(only));
    }

    /// <returns>Whether it is done; until then time goes on, no faster than others get their turn.</returns>
    private bool Advance(Task task)
    {
        if (!task.IsCompleted)
        {
            clock.Advance(TimeSpan.FromSeconds(1));
        }

        return task.IsCompleted;
    }

    private async Task PutLeaseAsync(BackupRepository repository, string host, LeaseProcess? process, int hours = 0)
    {
        var end = clock.GetUtcNow() + Lease.Duration + TimeSpan.FromHours(hours);
        var bytes = SmallObject.Encode(
            new WritingSession(repository.Secrets),
            ObjectKind.Lease,
            JsonSerializer.SerializeToUtf8Bytes(new Lease(host, "00", end, process), RepositoryJson.Default.Lease));
        await store.PutAsync(ObjectName.Of(Lease.Prefix, end, bytes), bytes, Engine.Cancel);
    }

    private int Packs() => store.Objects.Keys.Count(k => k.StartsWith(PackKey.Prefix, StringComparison.Ordinal));

    /// <summary>A first night that is backed up again at the test's word, and a second that has nothing in common with it.</summary>
    private async Task<(BackupRepository Repository, Dictionary<string, byte[]> First)> WithUnusedPacksAsync(bool encrypted)
    {
        var repository = await Engine.CreateAsync(store, clock, encrypted);
        var first = Engine.FirstNight(new Random(10));
        await Engine.BackUpAsync(repository, first, options: PackPerChunk);
        clock.Advance(TimeSpan.FromHours(1));
        await Engine.BackUpAsync(repository, Engine.FirstNight(new Random(20)), options: PackPerChunk);
        clock.Advance(TimeSpan.FromHours(1));
        return (repository, first);
    }

    private static HeldBackup Hold(
        BackupRepository repository,
        IReadOnlyDictionary<string, byte[]> files,
        WriterOptions? options = null) => new(repository, files, options ?? PackPerChunk);
}
