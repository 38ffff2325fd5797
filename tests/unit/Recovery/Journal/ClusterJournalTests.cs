using KubectlMlopsBackup.Cluster.Api;
using KubectlMlopsBackup.Recovery.Journal;
using KubectlMlopsBackup.Recovery.Steps;
using KubectlMlopsBackup.UnitTests.Cluster;

namespace KubectlMlopsBackup.UnitTests.Recovery.Journal;

public sealed class ClusterJournalTests
{
    private static readonly RecoveryJournal Journal = new()
    {
        Id = "abcd2345",
        Plan = "mlops-platform",
        Source = "mlops",
        From = "s3://bucket/prefix",
        Point = new string('a', 64),
        PointTime = DateTimeOffset.UnixEpoch,
        Began = DateTimeOffset.UnixEpoch,
        Steps = [new JournalStep { Name = "database", Title = "database", State = StepState.Done, Detail = "41 tables" }],
    };

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task What_one_machine_has_written_another_goes_on_with()
    {
        await using var cluster = await WithNamespaceAsync();
        using var one = await cluster.ConnectAsync("mlops");
        using var other = await cluster.ConnectAsync("mlops");
        var first = new ClusterJournal(one, "mlops");
        await first.SaveAsync(Journal, Token);
        await first.SaveAsync(Journal with { Ended = DateTimeOffset.UnixEpoch.AddHours(1) }, Token);

        var loaded = await new ClusterJournal(other, "mlops").LoadAsync(Token);

        Assert.Equal(DateTimeOffset.UnixEpoch.AddHours(1), loaded!.Ended);
        Assert.Equal(Journal.Steps, loaded.Steps);
        Assert.Equal(Journal.Point, loaded.Point);
    }

    [Fact]
    public async Task Of_two_that_go_on_with_it_the_second_to_write_is_told()
    {
        await using var cluster = await WithNamespaceAsync();
        using var api = await cluster.ConnectAsync("mlops");
        var first = new ClusterJournal(api, "mlops");
        await first.SaveAsync(Journal, Token);
        var second = new ClusterJournal(api, "mlops");
        await second.LoadAsync(Token);
        await second.SaveAsync(Journal, Token);

        var e = await Assert.ThrowsAsync<UserError>(() => first.SaveAsync(Journal, Token));

        Assert.Equal(ExitCode.Locked, e.Code);
    }

    [Fact]
    public async Task Two_that_begin_at_once_do_not_both()
    {
        await using var cluster = await WithNamespaceAsync();
        using var api = await cluster.ConnectAsync("mlops");
        await new ClusterJournal(api, "mlops").SaveAsync(Journal, Token);

        Assert.Equal(ExitCode.Locked, (await Assert.ThrowsAsync<UserError>(() => new ClusterJournal(api, "mlops").SaveAsync(Journal, Token))).Code);
    }

    [Fact]
    public async Task Before_there_is_a_namespace_nothing_is_kept_and_nothing_fails()
    {
        await using var cluster = await MemoryCluster.StartAsync();
        using var api = await cluster.ConnectAsync("mlops");
        var journal = new ClusterJournal(api, "mlops");

        await journal.SaveAsync(Journal, Token);
        Assert.Null(await new ClusterJournal(api, "mlops").LoadAsync(Token));
        cluster.Put(ApiResource.Namespaces, null, """{"metadata": {"name": "mlops"}}""");
        await journal.SaveAsync(Journal, Token);

        Assert.NotNull(await new ClusterJournal(api, "mlops").LoadAsync(Token));
    }

    [Theory]
    [InlineData("not json")]
    [InlineData("{}")]
    [InlineData("null")]
    [InlineData("""{"version": 99, "id": "x", "plan": "p", "source": "s", "from": "f", "point": "p", "pointTime": "2026-01-01T00:00:00Z", "began": "2026-01-01T00:00:00Z"}""")]
    public async Task A_journal_that_cannot_be_read_is_refused_with_what_to_do(string text)
    {
        await using var cluster = await WithNamespaceAsync();
        cluster.Put(ApiResource.ConfigMaps, "mlops", $$"""{"metadata": {"name": "mlopsbackup-recovery"}, "data": {"journal.json": {{System.Text.Json.JsonSerializer.Serialize(text)}} } }""");
        using var api = await cluster.ConnectAsync("mlops");

        var e = await Assert.ThrowsAsync<UserError>(() => new ClusterJournal(api, "mlops").LoadAsync(Token));

        Assert.Equal(ExitCode.Usage, e.Code);
        Assert.NotNull(e.Fix);
    }

    private static async Task<MemoryCluster> WithNamespaceAsync()
    {
        var cluster = await MemoryCluster.StartAsync();
        cluster.Put(ApiResource.Namespaces, null, """{"metadata": {"name": "mlops"}}""");
        return cluster;
    }
}
