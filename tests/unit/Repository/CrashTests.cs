using KubectlMlopsBackup.Repository;
using KubectlMlopsBackup.Repository.Mirroring;
using KubectlMlopsBackup.Repository.Retention;
using KubectlMlopsBackup.Repository.Snapshots;
using KubectlMlopsBackup.Testing;
using Microsoft.Extensions.Time.Testing;

namespace KubectlMlopsBackup.UnitTests.Repository;

/// <summary>The process dies at the k-th call to the store, for every k: before the call takes effect, and after it.</summary>
public sealed class CrashTests(ITestOutputHelper output) : IDisposable
{
    private readonly FakeTimeProvider clock = Engine.Clock();
    private readonly Dictionary<string, IReadOnlyDictionary<string, byte[]>> model = [];
    private readonly MemoryStore store = new();

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_backup_that_dies_anywhere_hurts_nothing_and_the_next_one_succeeds(bool encrypted)
    {
        var random = new Random(1);
        var repository = await Engine.CreateAsync(store, clock, encrypted);
        var files = await NightsAsync(repository, random, 2);
        await EachCrashAsync(
            repository,
            damaged => Engine.BackUpAsync(damaged, files),
            async (after, _) =>
            {
                await AssertModelAsync(after);
                await Engine.AssertRestoresAsync(after, await Engine.BackUpAsync(after, files), files);
                var report = await Engine.VerifyAsync(after);
                Assert.True(report.Good, string.Join("; ", report.Damages));
            });
    }

    [Fact]
    public async Task A_prune_that_dies_anywhere_hurts_nothing_and_the_next_one_succeeds()
    {
        var random = new Random(2);
        var repository = await Engine.CreateAsync(store, clock);
        await NightsAsync(repository, random, 5, changes: 4);
        var first = await Engine.PruneAsync(repository, new RetentionPolicy { KeepLast = 4 });
        clock.Advance(TimeSpan.FromHours(49));
        var policy = new RetentionPolicy { KeepLast = 2 };
        var dryRun = await new Pruner(repository, new PruneOptions { Policy = policy, DryRun = true }).RunAsync(Engine.Cancel);
        foreach (var gone in first.Decisions.Concat(dryRun.Decisions).Where(d => !d.Keep))
        {
            model.Remove(gone.Snapshot.Id);
        }

        await EachCrashAsync(
            repository,
            async damaged =>
            {
                var report = await Engine.PruneAsync(damaged, policy);
                Assert.True(report is { PacksDeleted: > 0, PacksMarked: > 0, PacksRewritten: > 0 }, report.ToString());
            },
            async (after, now) =>
            {
                await AssertModelAsync(after);
                now.Advance(TimeSpan.FromHours(5));
                await Engine.PruneAsync(after, policy);
                now.Advance(TimeSpan.FromHours(49));
                await Engine.PruneAsync(after, policy);
                await AssertModelAsync(after);
                Assert.Equal(model.Keys.Order(), (await Engine.CatalogAsync(after)).Snapshots.Select(s => s.Id).Order());
                Assert.Equal(0, (await Engine.VerifyAsync(after)).OrphanPacks);
            });
    }

    [Fact]
    public async Task A_mirror_that_dies_anywhere_hurts_nothing_and_the_next_one_succeeds()
    {
        var random = new Random(3);
        var source = await Engine.CreateAsync(new MemoryStore(), clock);
        await NightsAsync(source, random, 2);
        var repository = await Engine.CreateAsync(store, clock, encrypted: true, source);
        await MirrorAsync(source, repository);
        var before = new Dictionary<string, IReadOnlyDictionary<string, byte[]>>(model);
        await NightsAsync(source, random, 2);
        var all = new Dictionary<string, IReadOnlyDictionary<string, byte[]>>(model);
        await EachCrashAsync(
            repository,
            damaged => MirrorAsync(source, damaged),
            async (after, _) =>
            {
                model.Clear();
                before.ToList().ForEach(m => model.Add(m.Key, m.Value));
                await AssertModelAsync(after);
                await MirrorAsync(source, after);
                all.Where(m => !before.ContainsKey(m.Key)).ToList().ForEach(m => model.Add(m.Key, m.Value));
                await AssertModelAsync(after);
                var report = await Engine.VerifyAsync(after);
                Assert.True(report.Good, string.Join("; ", report.Damages));
            });
    }

    public void Dispose() => store.Dispose();

    private static Task<MirrorReport> MirrorAsync(BackupRepository from, BackupRepository to) =>
        new Mirror(from, to, Engine.SmallPacks).RunAsync(_ => true, Engine.Cancel);

    private async Task<Dictionary<string, byte[]>> NightsAsync(BackupRepository repository, Random random, int count, int changes = 1)
    {
        var files = Engine.FirstNight(random);
        for (var night = 0; night < count; night++)
        {
            model.Add((await Engine.BackUpAsync(repository, files)).Id, files);
            clock.Advance(TimeSpan.FromDays(1));
            for (var change = 0; change < changes; change++)
            {
                files = Engine.NextNight(random, files, (night * changes) + change);
            }
        }

        return files;
    }

    private async Task EachCrashAsync(
        BackupRepository repository, Func<BackupRepository, Task> run, Func<BackupRepository, FakeTimeProvider, Task> check)
    {
        var counting = new FaultyStore(store.Clone(), _ => StoreFault.None);
        await run(repository.Through(counting, Now()));
        Assert.InRange(counting.Calls, 10, 1000);
        var crashes = 0;
        // Threads make the calls of two runs differ a little: some more than were counted.
        for (var k = 1; k <= counting.Calls + 3; k++)
        {
            foreach (var fault in new[] { StoreFault.Crash, StoreFault.CrashAfter })
            {
                var copy = store.Clone();
                var now = Now();
                var faulty = new FaultyStore(copy, call => call.Total == k ? fault : StoreFault.None);
                try
                {
                    await run(repository.Through(faulty, now));
                }
                catch (InjectedFaultException)
                {
                    crashes++;
                }

                await check(repository.Through(copy, now), now);
            }
        }

        output.WriteLine($"{counting.Calls} calls, {crashes} crashes");
        Assert.InRange(crashes, counting.Calls, int.MaxValue);
    }

    private FakeTimeProvider Now() => new(clock.GetUtcNow());

    private async Task AssertModelAsync(BackupRepository repository)
    {
        await Engine.AssertUnhurtAsync(repository);
        var catalog = await Engine.CatalogAsync(repository);
        foreach (var (id, files) in model)
        {
            await Engine.AssertRestoresAsync(repository, catalog.Snapshots.Single(s => s.Id == id), files);
        }
    }
}
