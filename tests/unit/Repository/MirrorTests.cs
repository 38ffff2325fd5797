using KubectlMlopsBackup.Repository.Mirroring;
using KubectlMlopsBackup.Repository.Packs;
using KubectlMlopsBackup.Repository.Snapshots;
using KubectlMlopsBackup.Testing;
using Microsoft.Extensions.Time.Testing;

namespace KubectlMlopsBackup.UnitTests.Repository;

public sealed class MirrorTests : IDisposable
{
    private readonly FakeTimeProvider clock = Engine.Clock();
    private readonly MemoryStore store = new();
    private readonly MemoryStore second = new();

    [Theory]
    [InlineData(Snapshot.Prefix)]
    [InlineData(PackKey.Prefix)]
    public async Task A_damaged_snapshot_is_told_and_the_others_are_copied_and_counted(string hurt)
    {
        var from = await Engine.CreateAsync(store, clock);
        var to = await Engine.CreateAsync(second, clock, sharing: from);
        var nights = new List<Snapshot>();
        List<string> ofSecond = [];
        for (var night = 0; night < 3; night++)
        {
            var before = store.Objects.Keys.ToHashSet();
            nights.Add(await Engine.BackUpAsync(from, Engine.FirstNight(new Random(night))));
            clock.Advance(TimeSpan.FromDays(1));
            ofSecond = night == 1 ? [.. store.Objects.Keys.Except(before)] : ofSecond;
        }

        store.Tamper(ofSecond.First(k => k.StartsWith(hurt, StringComparison.Ordinal)), bytes => hurt == PackKey.Prefix ? null : bytes[..^1]);
        var counters = new MirrorCounters();
        var report = await new Mirror(from, to, Engine.SmallPacks, counters).RunAsync(_ => true, Engine.Cancel);

        Assert.Equal([nights[0].Id, nights[2].Id], report.Copied);
        Assert.Single(report.Damages);
        Assert.Equal(2, counters.Snapshots);
        Assert.True(counters.Bytes >= 2 * 270_000, $"{counters.Bytes} bytes");
        Assert.Equal(report.Copied, (await Engine.CatalogAsync(to)).Snapshots.Select(s => s.Id));
        Assert.True((await Engine.VerifyAsync(to)).Good);
    }

    public void Dispose()
    {
        store.Dispose();
        second.Dispose();
    }
}
