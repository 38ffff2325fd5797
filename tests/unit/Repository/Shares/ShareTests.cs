using KubectlMlopsBackup.Repository;
using KubectlMlopsBackup.Repository.Retention;
using KubectlMlopsBackup.Repository.Shares;
using KubectlMlopsBackup.Repository.Snapshots;
using KubectlMlopsBackup.Repository.Trees;
using KubectlMlopsBackup.Testing;
using Microsoft.Extensions.Time.Testing;

namespace KubectlMlopsBackup.UnitTests.Repository.Shares;

public sealed class ShareTests : IDisposable
{
    private readonly FakeTimeProvider clock = Engine.Clock();
    private readonly MemoryStore store = new();

    [Theory]
    [InlineData(1)]
    [InlineData(3)]
    [InlineData(8)]
    public async Task Shares_make_the_tree_of_a_single_backup_byte_for_byte(int count)
    {
        var repository = await Engine.CreateAsync(store, clock, encrypted: true);
        var alone = await Engine.CreateAsync(new MemoryStore(), clock, encrypted: true, repository);
        var random = new Random(1);
        var files = ShareRuns.LargeFiles(random);
        files["1/run01/same"] = files["0/run00/model"];
        files["0/run02/same"] = files["0/run00/model"];
        // One file, of three names in two experiments.
        ulong? Inode(string name) => name.EndsWith("same", StringComparison.Ordinal) || name == "0/run00/model" ? 7 : null;
        Snapshot? merged = null;
        for (var i = 0; i < count; i++)
        {
            var outcome = await ShareRuns.ShareAsync(repository, new MemorySource(files) { Inode = Inode }, i, count);
            merged = outcome.Snapshot;
            Assert.Equal(i == count - 1, outcome.Commits);
            Assert.Equal(i < count - 1, outcome.Missing);
        }

        var single = await Engine.BackUpAsync(alone, new MemorySource(files) { Inode = Inode });
        Assert.Equal(single.Tree.Entries, merged!.Tree.Entries);
        Assert.Equal(single.Tree.Chunks, merged.Tree.Chunks);
        Assert.Equal(2, (await ShareRuns.TreeAsync(repository, merged)).Count(e => e.Type == EntryType.HardLink));
        Assert.Equal((single.Stats.Files, single.Stats.Bytes), (merged.Stats.Files, merged.Stats.Bytes));
        Assert.Equal((single.Verdict, "run-1", count), (merged.Verdict, merged.Run, merged.Shares!.Value));
        await AssertGoodAsync(repository);
    }

    [Fact]
    public async Task Small_files_lie_in_other_bundles_and_are_the_same()
    {
        var repository = await Engine.CreateAsync(store, clock);
        var files = Engine.FirstNight(new Random(2));
        var merged = await ShareRuns.RunAsync(repository, files);
        await Engine.AssertRestoresAsync(repository, merged, files);
        clock.Advance(TimeSpan.FromDays(1));
        var single = await Engine.BackUpAsync(repository, files);
        // All of it is taken over: the stamps, hashes and segments are what a backup looks for.
        Assert.Equal(files.Count(f => f.Value.Length > 0), single.Stats.UnchangedFiles);
        Assert.Equal(merged.Tree.Chunks, single.Tree.Chunks);
        Assert.Equal(merged.Id, single.Follows);
    }

    [Fact]
    public async Task The_next_run_reads_only_what_changed()
    {
        var repository = await Engine.CreateAsync(store, clock);
        var random = new Random(3);
        var files = ShareRuns.LargeFiles(random);
        var first = await ShareRuns.RunAsync(repository, files, run: "night-1");
        clock.Advance(TimeSpan.FromDays(1));
        files["1/run77/new"] = Engine.Bytes(random, 1000);
        var second = await ShareRuns.RunAsync(repository, files, run: "night-2");
        Assert.Equal(first.Id, second.Follows);
        Assert.Equal((9, 1000), (second.Stats.UnchangedFiles, second.Stats.BytesRead));
        await Engine.AssertRestoresAsync(repository, second, files);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Processes_at_once_make_one_snapshot_and_one_of_them_says_so(bool encrypted)
    {
        var repository = await Engine.CreateAsync(store, clock, encrypted);
        var files = Engine.FirstNight(new Random(4));
        for (var round = 0; round < 15; round++)
        {
            // Two processes of each share: Kubernetes may run a pod's successor before the pod has ended.
            var all = await Task.WhenAll(Enumerable.Range(0, 6).Select(i => Task.Run(
                () => ShareRuns.ShareAsync(repository, files, i / 2, 3, $"run-{round}"))));
            var catalog = await Engine.CatalogAsync(repository);
            var snapshot = Assert.Single(catalog.Snapshots, s => s.Run == $"run-{round}");
            var committers = all.Select((o, i) => (o, i)).Where(x => x.o.Commits).ToList();
            Assert.NotEmpty(committers);
            Assert.Single(committers.Select(c => c.i / 2).Distinct());
            Assert.All(committers, c => Assert.Equal(snapshot.Id, c.o.Snapshot!.Id));
            await Engine.AssertRestoresAsync(repository, snapshot, files);
            Assert.Equal(round + 1, store.Objects.Keys.Count(k => k.StartsWith("snapshots/", StringComparison.Ordinal)));
            // Two that see a receipt missing both write it, and encrypted the two differ: each snapshot has one, or more.
            Assert.Equal(round + 1, catalog.Receipts.Select(r => r.Snapshot).Distinct().Count());
            clock.Advance(TimeSpan.FromHours(1));
        }

        await AssertGoodAsync(repository);
    }

    [Fact]
    public async Task Another_snapshot_between_two_shares_changes_nothing_of_who_reads_what()
    {
        var repository = await Engine.CreateAsync(store, clock);
        var random = new Random(5);
        var files = ShareRuns.LargeFiles(random);
        var parent = await Engine.BackUpAsync(repository, files);
        clock.Advance(TimeSpan.FromHours(1));
        await ShareRuns.ShareAsync(repository, files, 0);
        // The largest part is another now: a plan made after this would be another.
        files["2/run50/model"] = Engine.Bytes(random, 4 << 20);
        clock.Advance(TimeSpan.FromHours(1));
        await Engine.BackUpAsync(repository, files);
        await ShareRuns.ShareAsync(repository, files, 1);
        // The parent may even be gone by now.
        clock.Advance(TimeSpan.FromHours(1));
        await Engine.PruneAsync(repository, new RetentionPolicy { KeepLast = 1 });
        Assert.DoesNotContain((await Engine.CatalogAsync(repository)).Snapshots, s => s.Id == parent.Id);
        var last = await ShareRuns.ShareAsync(repository, files, 2);
        Assert.Equal(parent.Id, last.Snapshot!.Follows);
        // The new file came after its share was read, or is in it.
        var read = await Engine.ContentsAsync(repository, last.Snapshot);
        read.Remove("2/run50/model");
        files.Remove("2/run50/model");
        Assert.True(Engine.Same(files, read));
        await AssertGoodAsync(repository);
    }

    [Fact]
    public async Task What_a_share_left_out_makes_the_snapshot_incomplete()
    {
        var repository = await Engine.CreateAsync(store, clock);
        var files = Engine.FirstNight(new Random(6));
        var source = new MemorySource(files)
        {
            Opening = name =>
            {
                if (name.EndsWith("run4/params.json", StringComparison.Ordinal))
                {
                    throw new IOException("cannot be read: no");
                }
            },
        };
        var outcomes = new[] { await ShareRuns.ShareAsync(repository, source, 0), await ShareRuns.ShareAsync(repository, source, 1), await ShareRuns.ShareAsync(repository, source, 2) };
        Assert.Single(outcomes, o => o.Share!.ProblemCount == 1);
        var snapshot = outcomes[2].Snapshot!;
        Assert.Equal((Verdict.Incomplete, 1L), (snapshot.Verdict, snapshot.ProblemCount));
        Assert.Equal("exp1/run4/params.json", Assert.Single(snapshot.Problems).Path);
    }

    [Fact]
    public async Task A_source_that_is_empty_for_one_process_is_not_taken_for_a_share_without_files()
    {
        var repository = await Engine.CreateAsync(store, clock);
        var files = Engine.FirstNight(new Random(7));
        await ShareRuns.ShareAsync(repository, files, 0);
        var error = await Assert.ThrowsAsync<UserError>(() => ShareRuns.ShareAsync(repository, new Dictionary<string, byte[]>(), 1));
        Assert.Contains("has no files", error.Message, StringComparison.Ordinal);
        // Its pod is started again, where the volume is mounted.
        await ShareRuns.ShareAsync(repository, files, 1);
        var last = await ShareRuns.ShareAsync(repository, files, 2);
        await Engine.AssertRestoresAsync(repository, last.Snapshot!, files);
    }

    [Fact]
    public async Task More_shares_than_there_is_to_share_do_no_harm()
    {
        var repository = await Engine.CreateAsync(store, clock);
        var files = new Dictionary<string, byte[]> { ["0/model"] = [1, 2, 3] };
        var snapshot = await ShareRuns.RunAsync(repository, files, 64);
        await Engine.AssertRestoresAsync(repository, snapshot, files);
    }

    [Fact]
    public async Task Other_shares_of_the_same_id_are_refused()
    {
        var repository = await Engine.CreateAsync(store, clock);
        var files = Engine.FirstNight(new Random(8));
        await ShareRuns.ShareAsync(repository, files, 0, 3);
        var error = await Assert.ThrowsAsync<UserError>(() => ShareRuns.ShareAsync(repository, files, 0, 2));
        Assert.Equal(ExitCode.Usage, error.Code);
    }

    [Fact]
    public async Task A_run_that_was_committed_is_not_made_again()
    {
        var repository = await Engine.CreateAsync(store, clock);
        var files = Engine.FirstNight(new Random(9));
        var snapshot = await ShareRuns.RunAsync(repository, files);
        var before = store.Objects.Count;
        var again = await ShareRuns.ShareAsync(repository, files, 2);
        Assert.Equal((true, snapshot.Id), (again.Commits, again.Snapshot!.Id));
        Assert.False((await ShareRuns.ShareAsync(repository, files, 0)).Commits);
        Assert.Equal(before, store.Objects.Count);
        // The next night it is no retry, but a mistake that would go without a backup.
        clock.Advance(TimeSpan.FromHours(25));
        Assert.Equal(ExitCode.Usage, (await Assert.ThrowsAsync<UserError>(() => ShareRuns.ShareAsync(repository, files, 0))).Code);
    }

    [Fact]
    public async Task Prune_beside_a_run_takes_nothing_that_it_needs()
    {
        var repository = await Engine.CreateAsync(store, clock);
        var files = Engine.FirstNight(new Random(10));
        await ShareRuns.ShareAsync(repository, files, 0);
        await ShareRuns.ShareAsync(repository, files, 1);
        var policy = new RetentionPolicy { KeepLast = 1 };
        Assert.True((await Engine.PruneAsync(repository, policy)).PacksMarked > 0);
        clock.Advance(TimeSpan.FromHours(23));
        await Engine.PruneAsync(repository, policy);
        var last = await ShareRuns.ShareAsync(repository, files, 2);
        await Engine.AssertRestoresAsync(repository, last.Snapshot!, files);
        clock.Advance(TimeSpan.FromHours(49));
        await Engine.PruneAsync(repository, policy);
        await Engine.AssertRestoresAsync(repository, last.Snapshot!, files);
        Assert.DoesNotContain(store.Objects.Keys, k => k.StartsWith(ShareKey.Prefix, StringComparison.Ordinal));
        await AssertGoodAsync(repository);
    }

    [Fact]
    public async Task A_run_that_took_too_long_is_refused_and_what_it_left_is_deleted_after_the_grace_period()
    {
        var repository = await Engine.CreateAsync(store, clock);
        var files = Engine.FirstNight(new Random(11));
        await ShareRuns.ShareAsync(repository, files, 0);
        await ShareRuns.ShareAsync(repository, files, 1);
        clock.Advance(TimeSpan.FromHours(25));
        await Assert.ThrowsAsync<UserError>(() => ShareRuns.ShareAsync(repository, files, 2));
        await Engine.PruneAsync(repository, new RetentionPolicy { KeepLast = 1 });
        Assert.Contains(ShareKey.Plan("run-1"), store.Objects.Keys);
        clock.Advance(TimeSpan.FromHours(49));
        await Engine.PruneAsync(repository, new RetentionPolicy { KeepLast = 1 });
        Assert.DoesNotContain(store.Objects.Keys, k => k.StartsWith(ShareKey.Prefix, StringComparison.Ordinal));
        Assert.DoesNotContain(store.Objects.Keys, k => k.StartsWith("packs/", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_flipped_bit_in_what_a_run_left_is_found_and_never_committed(bool encrypted)
    {
        var repository = await Engine.CreateAsync(store, clock, encrypted);
        var files = Engine.FirstNight(new Random(12));
        await ShareRuns.ShareAsync(repository, files, 0);
        await ShareRuns.ShareAsync(repository, files, 1);
        foreach (var key in new[] { ShareKey.Plan("run-1"), ShareKey.Share("run-1", 0), ShareKey.Share("run-1", 1) })
        {
            for (var flip = 0; flip < 20; flip++)
            {
                using var copy = store.Clone();
                var damaged = repository.Through(copy, clock);
                copy.Tamper(key, bytes => Flip(bytes, bytes.Length * flip / 20));
                Assert.Contains((await Engine.VerifyAsync(damaged)).Damages, d => d.Key == key);
                await Assert.ThrowsAsync<RepositoryDamagedException>(() => ShareRuns.ShareAsync(damaged, files, 2));
                Assert.Empty((await Engine.CatalogAsync(damaged)).Snapshots);
            }
        }
    }

    public void Dispose() => store.Dispose();

    private static byte[] Flip(byte[] bytes, int at)
    {
        var flipped = (byte[])bytes.Clone();
        flipped[at] ^= 4;
        return flipped;
    }

    private static async Task AssertGoodAsync(BackupRepository repository)
    {
        var report = await Engine.VerifyAsync(repository);
        Assert.True(report.Good, string.Join("; ", report.Damages));
    }
}
