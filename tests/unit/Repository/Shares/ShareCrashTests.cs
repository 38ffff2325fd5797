using KubectlMlopsBackup.Repository;
using KubectlMlopsBackup.Testing;
using Microsoft.Extensions.Time.Testing;

namespace KubectlMlopsBackup.UnitTests.Repository.Shares;

/// <summary>One process of three dies at the k-th call to the store, for every k, and is run again.</summary>
public sealed class ShareCrashTests(ITestOutputHelper output) : IDisposable
{
    private readonly FakeTimeProvider clock = Engine.Clock();
    private readonly MemoryStore store = new();

    [Theory]
    [InlineData(0, false)]
    [InlineData(1, true)]
    [InlineData(2, false)]
    [InlineData(2, true)]
    public async Task A_share_that_dies_anywhere_runs_again_alone(int dying, bool encrypted)
    {
        var repository = await Engine.CreateAsync(store, clock, encrypted);
        var random = new Random(1);
        var before = Engine.FirstNight(random);
        var parent = await Engine.BackUpAsync(repository, before);
        clock.Advance(TimeSpan.FromDays(1));
        var files = Engine.NextNight(random, Engine.NextNight(random, before, 1), 2);
        for (var index = 0; index < dying; index++)
        {
            await ShareRuns.ShareAsync(repository, files, index);
        }

        var counting = new FaultyStore(store.Clone(), _ => StoreFault.None);
        await ShareRuns.ShareAsync(repository.Through(counting, clock), files, dying);
        var crashes = 0;
        for (var k = 1; k <= counting.Calls + 3; k++)
        {
            foreach (var fault in new[] { StoreFault.Crash, StoreFault.CrashAfter })
            {
                var copy = store.Clone();
                var faulty = new FaultyStore(copy, call => call.Total == k ? fault : StoreFault.None);
                try
                {
                    await ShareRuns.ShareAsync(repository.Through(faulty, clock), files, dying);
                }
                catch (InjectedFaultException)
                {
                    crashes++;
                }

                await FinishAsync(repository.Through(copy, clock), dying, files);
                var after = repository.Through(copy, clock);
                await Engine.AssertRestoresAsync(after, parent, before);
                var report = await Engine.VerifyAsync(after);
                Assert.True(report.Good, $"{fault} at {k}: {string.Join("; ", report.Damages)}");
            }
        }

        output.WriteLine($"share {dying}: {counting.Calls} calls, {crashes} crashes");
        Assert.InRange(crashes, counting.Calls, int.MaxValue);
    }

    public void Dispose() => store.Dispose();

    private static async Task FinishAsync(BackupRepository repository, int from, IReadOnlyDictionary<string, byte[]> files)
    {
        await Engine.AssertUnhurtAsync(repository);
        for (var index = from; index < 3; index++)
        {
            var outcome = await ShareRuns.ShareAsync(repository, files, index);
            Assert.Equal(index == 2, outcome.Commits);
        }

        var snapshot = Assert.Single((await Engine.CatalogAsync(repository)).Snapshots, s => s.Run == "run-1");
        await Engine.AssertRestoresAsync(repository, snapshot, files);
    }
}
