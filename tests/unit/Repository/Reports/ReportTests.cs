using System.Text;
using KubectlMlopsBackup.Repository;
using KubectlMlopsBackup.Repository.Crypto;
using KubectlMlopsBackup.Repository.Mirroring;
using KubectlMlopsBackup.Repository.Reports;
using KubectlMlopsBackup.Repository.Retention;
using KubectlMlopsBackup.Repository.State;
using KubectlMlopsBackup.Testing;
using Microsoft.Extensions.Time.Testing;

namespace KubectlMlopsBackup.UnitTests.Repository.Reports;

public sealed class ReportTests : IDisposable
{
    private readonly FakeTimeProvider clock = Engine.Clock();
    private readonly MemoryStore store = new();
    private readonly MemoryStore second = new();

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_report_comes_back_as_it_was_written(bool encrypted)
    {
        using var repository = await Engine.CreateAsync(store, clock, encrypted);
        var written = Report(clock.GetUtcNow(), "the body is whatever it is");

        var id = await ReportCatalog.WriteAsync(repository, written, Engine.Cancel);

        var catalog = await ReportCatalog.LoadAsync(repository, Engine.Cancel);
        var entry = Assert.Single(catalog.Reports);
        Assert.Equal(id, entry.Id);
        Assert.Equal(ChunkId.Of(written.Encode()).ToString(), id);
        var read = await ReportCatalog.ReadAsync(repository, entry, Engine.Cancel);
        Assert.Equal("the body is whatever it is", Encoding.UTF8.GetString(read.Body.Span));
        Assert.Equal(("drill", "passed", 12.5, "test"), (read.Head.Report, read.Head.Verdict, read.Head.Seconds, read.Head.Plan));
        // What is encrypted is not to be read by who has the bucket.
        Assert.Equal(!encrypted, Encoding.UTF8.GetString(store.Objects[entry.Key]).Contains("whatever it is", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Written_twice_it_is_one_object()
    {
        using var repository = await Engine.CreateAsync(store, clock, encrypted: true);
        var report = Report(clock.GetUtcNow(), "a");

        Assert.Equal(
            await ReportCatalog.WriteAsync(repository, report, Engine.Cancel), await ReportCatalog.WriteAsync(repository, report, Engine.Cancel));

        Assert.Single(store.Objects.Keys, k => k.StartsWith(StoredReport.Prefix, StringComparison.Ordinal));
    }

    [Fact]
    public async Task It_is_mirrored_with_its_id_and_once()
    {
        using var from = await Engine.CreateAsync(store, clock, encrypted: true);
        using var to = await Engine.CreateAsync(second, clock, encrypted: true, sharing: from);
        var id = await ReportCatalog.WriteAsync(from, Report(clock.GetUtcNow(), "a"), Engine.Cancel);
        await ReportCatalog.WriteAsync(from, Report(clock.GetUtcNow(), "of another plan", plan: "other"), Engine.Cancel);

        var first = await new Mirror(from, to, Engine.SmallPacks).RunAsync(_ => true, Engine.Cancel, "test");
        var again = await new Mirror(from, to, Engine.SmallPacks).RunAsync(_ => true, Engine.Cancel, "test");

        Assert.Equal((1, 0), (first.Reports, again.Reports));
        Assert.Equal(id, Assert.Single((await ReportCatalog.LoadAsync(to, Engine.Cancel)).Reports).Id);
    }

    [Fact]
    public async Task A_damaged_report_is_a_blemish_and_stops_nothing()
    {
        using var from = await Engine.CreateAsync(store, clock);
        using var to = await Engine.CreateAsync(second, clock, sharing: from);
        var snapshot = await Engine.BackUpAsync(from, Engine.FirstNight(new Random(1)));
        await ReportCatalog.WriteAsync(from, Report(clock.GetUtcNow(), "a"), Engine.Cancel);
        store.Tamper(store.Objects.Keys.First(k => k.StartsWith(StoredReport.Prefix, StringComparison.Ordinal)), bytes => bytes[..^1]);

        var verified = await Engine.VerifyAsync(from);
        var mirrored = await new Mirror(from, to, Engine.SmallPacks).RunAsync(_ => true, Engine.Cancel);
        var pruned = await Engine.PruneAsync(from, new RetentionPolicy { KeepLast = 1 });

        var damage = Assert.Single(verified.Damages);
        Assert.True(damage.Harmless);
        Assert.StartsWith(StoredReport.Prefix, damage.Key, StringComparison.Ordinal);
        Assert.Empty(verified.HurtSnapshots);
        Assert.Equal([snapshot.Id], mirrored.Copied);
        Assert.Equal(0, pruned.Reports);
        Assert.Equal(0, verified.Reports);
    }

    [Fact]
    public async Task Prune_lets_old_reports_go_and_keeps_ten_of_each_kind()
    {
        using var repository = await Engine.CreateAsync(store, clock);
        var old = clock.GetUtcNow();
        for (var i = 0; i < 13; i++)
        {
            await ReportCatalog.WriteAsync(repository, Report(old.AddDays(i), $"drill {i}"), Engine.Cancel);
        }

        await ReportCatalog.WriteAsync(repository, Report(old, "the only recovery", "recovery"), Engine.Cancel);
        clock.Advance(ReportRetention.Kept + TimeSpan.FromDays(100));
        await Engine.BackUpAsync(repository, Engine.FirstNight(new Random(1)));

        var report = await Engine.PruneAsync(repository, new RetentionPolicy { KeepLast = 1 });

        Assert.Equal(3, report.Reports);
        var left = (await ReportCatalog.LoadAsync(repository, Engine.Cancel)).Reports;
        Assert.Equal(10, left.Count(r => r.Head.Report == "drill"));
        Assert.Equal(old.AddDays(3), left.Where(r => r.Head.Report == "drill").Min(r => r.Head.Time));
        Assert.Single(left, r => r.Head.Report == "recovery");
    }

    [Fact]
    public void A_report_stays_as_long_as_what_it_is_about()
    {
        var now = clock.GetUtcNow();
        List<ReportEntry> reports = [.. Enumerable.Range(0, 20).Select(i => new ReportEntry($"{i:00}", $"reports/{i}", Report(now.AddDays(-1000 - i), "", snapshot: $"s{i}").Head))];

        var going = ReportRetention.Going(reports, new HashSet<string> { "s15" }, now);

        Assert.Equal(["10", "11", "12", "13", "14", "16", "17", "18", "19"], going.Select(r => r.Id));
    }

    [Fact]
    public async Task The_newest_of_each_kind_is_in_the_repositorys_sum()
    {
        using var repository = await Engine.CreateAsync(store, clock);
        await ReportCatalog.WriteAsync(repository, Report(clock.GetUtcNow().AddDays(-9), "older"), Engine.Cancel);
        await ReportCatalog.WriteAsync(repository, Report(clock.GetUtcNow().AddDays(-2), "newer", verdict: "failed"), Engine.Cancel);
        await ReportCatalog.WriteAsync(repository, Report(clock.GetUtcNow().AddDays(-1), "of another plan", plan: "other"), Engine.Cancel);

        var state = await RepositoryStateReader.ReadAsync("local", repository, "test", trend: false, Engine.Cancel);

        Assert.Equal(new ReportState("drill", clock.GetUtcNow().AddDays(-2), "failed", 12.5), Assert.Single(state.Reports));
    }

    [Theory]
    [InlineData(new byte[0])]
    [InlineData(new byte[] { 1, 0 })]
    [InlineData(new byte[] { 255, 255, 255, 127, 1 })]
    [InlineData(new byte[] { 255, 255, 255, 255, 1 })]
    [InlineData(new byte[] { 2, 0, 0, 0, (byte)'{', (byte)'}' })]
    public void What_is_no_report_is_damage(byte[] content) =>
        Assert.Throws<RepositoryDamagedException>(() => StoredReport.Decode(content, "reports/x"));

    [Fact]
    public void One_kind_never_passes_for_another() => Assert.DoesNotContain(
        Enum.GetValues<ObjectKind>(), k => k != ObjectKind.Report && (byte)k == (byte)ObjectKind.Report);

    public void Dispose()
    {
        store.Dispose();
        second.Dispose();
    }

    private static StoredReport Report(
        DateTimeOffset time, string body, string kind = "drill", string plan = "test", string verdict = "passed", string? snapshot = null) => new(
        new ReportHead
        {
            Time = time,
            Plan = plan,
            Report = kind,
            Verdict = verdict,
            Seconds = 12.5,
            RecoveryPoint = new string('a', 64),
            Snapshots = [snapshot ?? new string('b', 64)],
            Type = "text/plain",
        },
        Encoding.UTF8.GetBytes(body));
}
