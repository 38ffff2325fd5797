using System.Text.Json;
using KubectlMlopsBackup.EndToEndTests.Cli.Fixtures;
using KubectlMlopsBackup.EndToEndTests.Cluster.Fixtures;
using KubectlMlopsBackup.EndToEndTests.Fixtures;

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
        Assert.Contains("artifacts: whether it was ever backed up is not known", before.Output.Split('\n')[0], StringComparison.Ordinal);

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
    public async Task A_Job_pushes_its_figures_through_the_network_policy_and_no_backup_fails_by_who_does_not_take_them()
    {
        var host = ClusterFixture.HostAddress;
        await using var gateway = await Pushgateway.StartAsync(host);
        using var collector = new HttpStandIn(host);
        collector.Answers["/v1/metrics"] = (200, "{}");
        var away = Pushgateway.FreeAt(host);
        await using var world = await StatusWorld.CreateAsync(
            cluster,
            more: $$"""
                monitoring:
                    push:
                      - {name: gateway, kind: pushgateway, url: "{{gateway.Address}}"}
                      - {name: cloud, kind: otlp, url: "{{collector.Address}}", headersSecret: {name: otlp, key: headers} }
                      - {name: away, kind: pushgateway, url: "http://{{away}}"}
                """);
        await world.Namespace.ApplyAsync("apiVersion: v1\nkind: Secret\nmetadata: {name: otlp}\nstringData: {headers: 'Authorization: Bearer push-S3CR3T'}");
        await world.InitAsync();

        var done = await world.Namespace.DoneAsync("backup", "artifacts");

        Assert.Contains("metrics could not be pushed to away: the server cannot be reached (ConnectionError)", done.Error, StringComparison.Ordinal);
        Assert.DoesNotContain("pushed to gateway", done.Error, StringComparison.Ordinal);
        Assert.DoesNotContain("pushed to cloud", done.Error, StringComparison.Ordinal);
        Assert.DoesNotContain("push-S3CR3T", done.Error + done.Output, StringComparison.Ordinal);
        var figures = await gateway.MetricsAsync();
        Assert.Contains("mlopsbackup_run_exit_code{instance=\"\",job=\"mlopsbackup\",job_kind=\"artifacts\",part=\"run-artifacts\",plan=\"status\"} 0", figures, StringComparison.Ordinal);
        Assert.Contains("mlopsbackup_component_snapshots{component=\"artifacts\",instance=\"\",job=\"mlopsbackup\",part=\"state\",plan=\"status\"} 1", figures, StringComparison.Ordinal);
        var sent = Assert.Single(collector.Requests, r => r.Body.Contains("mlopsbackup_component_snapshots", StringComparison.Ordinal));
        Assert.Equal("Bearer push-S3CR3T", sent.Authorization);
        // Where a cluster enforces policies, this is what lets them out.
        var open = (await world.Namespace.KubectlAsync("get", "networkpolicies", "-o", "jsonpath={.items[*].spec.egress[*].ports[*].port}")).Split(' ');
        foreach (var port in new[] { new Uri(gateway.Address).Port, new Uri(collector.Address).Port, away.Port })
        {
            Assert.Contains($"{port}", open);
        }
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
