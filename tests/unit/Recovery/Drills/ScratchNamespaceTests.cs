using System.Globalization;
using KubectlMlopsBackup.Cluster.Api;
using KubectlMlopsBackup.Recovery.Drills;
using KubectlMlopsBackup.UnitTests.Cluster;

namespace KubectlMlopsBackup.UnitTests.Recovery.Drills;

public sealed class ScratchNamespaceTests
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task It_is_marked_and_held_to_what_the_source_is_held_to()
    {
        await using var cluster = await WithAsync("mlops", """{"pod-security.kubernetes.io/enforce": "restricted", "team": "ml"}""");
        using var api = await cluster.ConnectAsync("mlops");

        await using var scratch = await CreateAsync(api);

        var labels = cluster.Find(ApiResource.Namespaces, null, "dr-test")!["metadata"]!["labels"]!;
        Assert.Equal("mlops", (string)labels["mlopsbackup.io/drill-of"]!);
        Assert.Equal("abcd2345", (string)labels["mlopsbackup.io/drill"]!);
        Assert.Equal("restricted", (string)labels["pod-security.kubernetes.io/enforce"]!);
        Assert.Null(labels["team"]);
    }

    [Theory]
    [InlineData("{}", "baseline")]
    [InlineData("""{"pod-security.kubernetes.io/enforce": "privileged"}""", "baseline")]
    [InlineData("""{"pod-security.kubernetes.io/enforce": "restricted"}""", "restricted")]
    public async Task A_drill_that_runs_by_itself_is_held_to_a_level_of_Pod_Security(string source, string level)
    {
        await using var cluster = await WithAsync("mlops", source);
        using var api = await cluster.ConnectAsync("mlops");

        await using var scratch = await ScratchNamespace.CreateAsync(api, "dr-test", "mlops", "abcd2345", TimeProvider.System, Token, ScratchNamespace.LeastSecurity);

        Assert.Equal(level, (string)cluster.Find(ApiResource.Namespaces, null, "dr-test")!["metadata"]!["labels"]!["pod-security.kubernetes.io/enforce"]!);
    }

    [Fact]
    public async Task A_namespace_that_is_there_is_never_used()
    {
        await using var cluster = await WithAsync("dr-test", "{}");
        using var api = await cluster.ConnectAsync("mlops");
        var uid = (string)cluster.Find(ApiResource.Namespaces, null, "dr-test")!["metadata"]!["uid"]!;

        await using var scratch = await CreateAsync(api);
        Assert.StartsWith("dr-test-", scratch.Name, StringComparison.Ordinal);
        Assert.True(await scratch.DeleteAsync(TimeSpan.FromSeconds(10), Token));

        Assert.Equal(uid, (string)cluster.Find(ApiResource.Namespaces, null, "dr-test")!["metadata"]!["uid"]!);
        Assert.Single(cluster.All(ApiResource.Namespaces, null));
    }

    /// <summary>A role in a cloud trusts accounts by the names of their namespaces.</summary>
    [Fact]
    public async Task Names_that_are_taken_are_followed_by_names_that_are_known_before()
    {
        await using var cluster = await WithAsync("mlops", "{}");
        using var api = await cluster.ConnectAsync("mlops");
        await using var first = await CreateAsync(api);
        await using var second = await CreateAsync(api);
        await using var third = await CreateAsync(api);
        await using var fourth = await CreateAsync(api);

        Assert.Equal(ScratchNamespace.Names("dr-test"), [first.Name, second.Name, third.Name]);
        Assert.Equal(["dr-test", "dr-test-2", "dr-test-3"], ScratchNamespace.Names("dr-test"));
        Assert.Matches("^dr-test-[a-z0-9]{5}$", fourth.Name);
        Assert.All(ScratchNamespace.Names(new string('x', 63)), n => Assert.Equal(63, n.Length));
    }

    [Fact]
    public async Task The_source_is_refused()
    {
        await using var cluster = await WithAsync("mlops", "{}");
        using var api = await cluster.ConnectAsync("mlops");

        var e = await Assert.ThrowsAsync<UserError>(() => ScratchNamespace.CreateAsync(api, "mlops", "mlops", "abcd2345", TimeProvider.System, Token));

        Assert.Equal(ExitCode.Usage, e.Code);
        Assert.Empty(cluster.Changes);
    }

    [Fact]
    public async Task Another_namespace_of_the_same_name_is_not_deleted()
    {
        await using var cluster = await WithAsync("mlops", "{}");
        using var api = await cluster.ConnectAsync("mlops");
        await using var scratch = await CreateAsync(api);
        await api.DeleteAsync(ApiResource.Namespaces, null, "dr-test", null, dryRun: false, Token);
        cluster.Put(ApiResource.Namespaces, null, """{"metadata": {"name": "dr-test"}}""");

        await Assert.ThrowsAsync<ClusterException>(() => scratch.DeleteAsync(TimeSpan.FromSeconds(10), Token));

        Assert.NotNull(cluster.Find(ApiResource.Namespaces, null, "dr-test"));
    }

    [Fact]
    public async Task What_a_drill_that_died_has_left_goes_and_nothing_else()
    {
        await using var cluster = await WithAsync("mlops", "{}");
        string Time(int minutes) => DateTimeOffset.UtcNow.AddMinutes(-minutes).ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", CultureInfo.InvariantCulture);
        void Put(string name, string source, string annotations, string drill = "\"mlopsbackup.io/drill\": \"x\", ") => cluster.Put(
            ApiResource.Namespaces, null, $$"""{"metadata": {"name": "{{name}}", "labels": { {{drill}}"mlopsbackup.io/drill-of": "{{source}}"}, "annotations": { {{annotations}} } } }""");
        Put("dead", "mlops", $"\"mlopsbackup.io/drill-seen\": \"{Time(6)}\"");
        Put("alive", "mlops", $"\"mlopsbackup.io/drill-seen\": \"{Time(1)}\"");
        Put("kept", "mlops", $"\"mlopsbackup.io/drill-seen\": \"{Time(600)}\", \"mlopsbackup.io/drill-kept\": \"true\"");
        Put("of-another", "other", $"\"mlopsbackup.io/drill-seen\": \"{Time(6)}\"");
        Put("no-drill", "mlops", $"\"mlopsbackup.io/drill-seen\": \"{Time(6)}\"", "");
        // Somebody has put the labels on the platform's own namespace.
        Put("mlops", "mlops", $"\"mlopsbackup.io/drill-seen\": \"{Time(6)}\"");
        using var api = await cluster.ConnectAsync("mlops");

        Assert.Equal(["dead"], await SweepAsync(api, kept: false));
        Assert.Equal(["kept"], await SweepAsync(api, kept: true));

        Assert.Equal(
            ["alive", "mlops", "no-drill", "of-another"], cluster.All(ApiResource.Namespaces, null).Select(n => (string)n["metadata"]!["name"]!).Order(StringComparer.Ordinal));
    }

    /// <summary>A label is what somebody has written there.</summary>
    [Fact]
    public async Task Only_an_id_of_a_drill_names_a_folder_of_artifacts_to_delete()
    {
        await using var cluster = await WithAsync("mlops", "{}");
        foreach (var (name, drill) in new[] { ("a", "abcd2345"), ("b", "x"), ("c", "ABCD2345"), ("d", "abcd234..") })
        {
            cluster.Put(ApiResource.Namespaces, null, $$"""{"metadata": {"name": "{{name}}", "labels": {"mlopsbackup.io/drill": "{{drill}}", "mlopsbackup.io/drill-of": "mlops"}, "annotations": {"mlopsbackup.io/drill-seen": "2026-01-01T00:00:00Z"} } }""");
        }

        using var api = await cluster.ConnectAsync("mlops");
        var swept = await ScratchNamespace.SweepAsync(api, "mlops", kept: false, TimeProvider.System, Token);

        Assert.Equal(["a", "b", "c", "d"], swept.Select(n => n.Name));
        Assert.Equal(["abcd2345"], DrillArtifactsJob.Ids(swept));
    }

    [Fact]
    public async Task One_that_is_kept_stays()
    {
        await using var cluster = await WithAsync("mlops", "{}");
        using var api = await cluster.ConnectAsync("mlops");
        await using var scratch = await CreateAsync(api);

        await scratch.KeepAsync(Token);

        Assert.Empty(await SweepAsync(api, kept: false));
        Assert.Equal(["dr-test"], await SweepAsync(api, kept: true));
    }

    private static Task<ScratchNamespace> CreateAsync(ClusterApi api) =>
        ScratchNamespace.CreateAsync(api, "dr-test", "mlops", "abcd2345", TimeProvider.System, Token);

    private static async Task<IEnumerable<string>> SweepAsync(ClusterApi api, bool kept) =>
        (await ScratchNamespace.SweepAsync(api, "mlops", kept, TimeProvider.System, Token)).Select(n => n.Name);

    private static async Task<MemoryCluster> WithAsync(string ns, string labels)
    {
        var cluster = await MemoryCluster.StartAsync();
        cluster.Put(ApiResource.Namespaces, null, $$"""{"metadata": {"name": "{{ns}}", "labels": {{labels}} } }""");
        return cluster;
    }
}
