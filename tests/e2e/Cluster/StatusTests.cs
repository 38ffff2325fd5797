using System.Text.Json;
using KubectlMlopsBackup.EndToEndTests.Cli.Fixtures;
using KubectlMlopsBackup.EndToEndTests.Cluster.Fixtures;

namespace KubectlMlopsBackup.EndToEndTests.Cluster;

public sealed class StatusTests(ClusterFixture cluster)
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_platform_becomes_safe_by_a_backup_and_unsafe_by_what_keeps_the_next_from_coming()
    {
        await using var world = await StatusWorld.CreateAsync(cluster);
        var before = (await world.StatusAsync()).Expect(ExitCode.CheckFailed);
        Assert.StartsWith("NOT SAFE: status in namespace", before.Output, StringComparison.Ordinal);
        Assert.Contains("artifacts: it was never backed up", before.Output.Split('\n')[0], StringComparison.Ordinal);

        await world.InitAsync();
        await world.Namespace.DoneAsync("backup", "artifacts");
        var after = (await world.StatusAsync()).Expect(ExitCode.Done);
        Assert.StartsWith("SAFE: status in namespace", after.Output, StringComparison.Ordinal);
        var report = await world.JsonAsync();
        var component = report.GetProperty("components")[0];
        Assert.Equal("complete", component.GetProperty("lastRun").GetProperty("verdict").GetString());
        Assert.Equal(3_000_000, component.GetProperty("sizes")[0].GetInt64());
        Assert.False(component.GetProperty("schedule").GetProperty("suspended").GetBoolean());
        Assert.True(component.GetProperty("schedule").GetProperty("nextRun").GetDateTimeOffset() > DateTimeOffset.UtcNow);
        var repository = report.GetProperty("repositories")[0];
        Assert.True(repository.GetProperty("recoveryPoint").GetProperty("complete").GetBoolean());
        Assert.True(repository.GetProperty("bytes").GetInt64() > 3_000_000);
        Assert.InRange(repository.GetProperty("freeBytes").GetInt64(), 1, repository.GetProperty("totalBytes").GetInt64());
        Assert.StartsWith("job.batch/mlflow-artifacts-backup-", (await world.StatusAsync("-o", "name")).Output, StringComparison.Ordinal);

        await world.Namespace.DoneAsync("verify", "data");
        var verified = (await world.JsonAsync()).GetProperty("components")[0];
        Assert.Equal("data", verified.GetProperty("verified").GetString());

        await world.Namespace.KubectlAsync("patch", "cronjob", StatusWorld.CronJob, "-p", """{"spec":{"suspend":true}}""");
        var suspended = (await world.StatusAsync()).Expect(ExitCode.CheckFailed);
        Assert.Contains("the schedule is suspended", suspended.Output.Split('\n')[0], StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_run_that_failed_says_its_cause_and_so_does_its_log()
    {
        await using var world = await StatusWorld.CreateAsync(cluster);
        await world.Namespace.KubectlAsync("create", "job", "night", $"--from=cronjob/{StatusWorld.CronJob}");

        var log = await world.Namespace.RunAsync("logs", "artifacts", "-f");

        log.Expect(ExitCode.NoRepository).Says("job night");
        Assert.Contains("there is no repository at", log.Output, StringComparison.Ordinal);
        var report = await world.JsonAsync();
        Assert.False(report.GetProperty("safe").GetBoolean());
        var run = report.GetProperty("components")[0].GetProperty("lastRun");
        Assert.Equal(("night", "failed", 10), (run.GetProperty("job").GetString(), run.GetProperty("verdict").GetString(), run.GetProperty("exitCode").GetInt32()));
        Assert.StartsWith("there is no repository at", run.GetProperty("cause").GetString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_pod_that_cannot_start_is_seen_at_once()
    {
        await using var world = await StatusWorld.CreateAsync(cluster, "localhost/no-such-image:1");
        await world.Namespace.KubectlAsync("create", "job", "night", $"--from=cronjob/{StatusWorld.CronJob}");

        JsonElement run;
        while (true)
        {
            var component = (await world.JsonAsync()).GetProperty("components")[0];
            if (component.TryGetProperty("running", out run) && run.TryGetProperty("cause", out _))
            {
                break;
            }

            await Task.Delay(200, Token);
        }

        Assert.Equal("waiting", run.GetProperty("verdict").GetString());
        Assert.Contains("Image", run.GetProperty("cause").GetString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Watched_it_shows_what_changes_and_ends_with_the_last_verdict()
    {
        await using var world = await StatusWorld.CreateAsync(cluster);
        await world.InitAsync();
        await world.Namespace.DoneAsync("backup", "artifacts");

        using var watch = world.Namespace.Start("status", "--watch", "-o", "json");
        await UntilAsync(watch, "\"safe\": true");
        await world.Namespace.KubectlAsync("patch", "cronjob", StatusWorld.CronJob, "-p", """{"spec":{"suspend":true}}""");
        await UntilAsync(watch, "\"kind\": \"suspended\"");
        watch.Interrupt();
        var ended = await watch.WaitAsync(TimeSpan.FromSeconds(30), Token);

        ended.Expect(ExitCode.CheckFailed);
    }

    [Fact]
    public async Task A_namespace_without_a_plan_is_an_error_of_the_users()
    {
        await using var ns = await cluster.NamespaceAsync();

        (await ns.RunAsync("status")).Expect(ExitCode.Usage).SaysWithFix("no plan is installed in namespace");
        (await ns.RunAsync("logs")).Expect(ExitCode.Usage).SaysWithFix("no plan is installed in namespace");
    }

    private static async Task UntilAsync(CliProcess watch, string text)
    {
        while (!watch.OutputSoFar.Contains(text, StringComparison.Ordinal))
        {
            Assert.False(watch.HasExited, watch.OutputSoFar);
            await Task.Delay(100, Token);
        }
    }
}
