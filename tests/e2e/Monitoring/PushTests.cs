using System.Diagnostics;
using System.Net;
using System.Text.Json;
using KubectlMlopsBackup.EndToEndTests.Cli.Fixtures;
using KubectlMlopsBackup.EndToEndTests.Fixtures;

namespace KubectlMlopsBackup.EndToEndTests.Monitoring;

/// <summary>What runs push, to a collector of the test's and, where it is installed, to Prometheus' own Pushgateway.</summary>
public sealed class PushTests
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Runs_push_their_figures_and_nothing_depends_on_it()
    {
        using var web = new HttpStandIn();
        using var tree = new SlowTree(files: 1, seed: 23);
        web.Answers["/otlp/v1/metrics"] = (200, "{}");
        var headers = Path.Combine(tree.Root, "headers");
        await File.WriteAllTextAsync(headers, "Authorization: Bearer push-S3CR3T\n", Token);
        File.SetUnixFileMode(headers, UnixFileMode.UserRead | UnixFileMode.UserWrite);
        tree.Plan = tree.Plan with
        {
            More = $$"""
              monitoring:
                push:
                  - {name: cloud, kind: otlp, url: "{{web.Address}}/otlp", headersFile: {{headers}} }
                  - {name: broken, kind: pushgateway, url: "{{web.Address}}/nowhere"}
            """,
        };

        (await tree.RunAsync("backup")).Expect(ExitCode.NoRepository);
        Assert.Equal(10, Exit(web.Requests.Single(r => r.Path == "/otlp/v1/metrics").Body));
        await tree.DoneAsync("init", "--repositories");
        var done = await tree.DoneAsync("backup");

        var last = web.Requests.Last(r => r.Path == "/otlp/v1/metrics");
        Assert.Equal("Bearer push-S3CR3T", last.Authorization);
        Assert.Equal(0, Exit(last.Body));
        Assert.Contains("mlopsbackup_component_last_success_timestamp_seconds", last.Body, StringComparison.Ordinal);
        Assert.Contains("warning: metrics could not be pushed to broken: the server answered 404", done.Error, StringComparison.Ordinal);
        Assert.DoesNotContain("push-S3CR3T", done.Error + done.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_real_gateway_takes_them_and_promtool_finds_nothing_wrong()
    {
        using var tree = new SlowTree(files: 1, seed: 29);
        await using var gateway = await Pushgateway.StartAsync(IPAddress.Loopback);
        tree.Plan = tree.Plan with { More = $$"""  monitoring: {push: [{name: gateway, kind: pushgateway, url: "{{gateway.Address}}"}]}""" };
        await tree.DoneAsync("init", "--repositories");
        Assert.DoesNotContain("warning", (await tree.DoneAsync("backup", "--prune")).Error, StringComparison.Ordinal);
        await tree.DoneAsync("verify", "structure");

        var text = await gateway.MetricsAsync();

        foreach (var wanted in new[]
        {
            "mlopsbackup_run_exit_code{instance=\"\",job=\"mlopsbackup\",job_kind=\"backup\",part=\"run-backup\",plan=\"platform\"} 0",
            "mlopsbackup_run_exit_code{instance=\"\",job=\"mlopsbackup\",job_kind=\"verify\",part=\"run-verify\",plan=\"platform\"} 0",
            "mlopsbackup_component_snapshots{component=\"artifacts\",instance=\"\",job=\"mlopsbackup\",part=\"state\",plan=\"platform\"} 1",
            "mlopsbackup_prune_last_success_timestamp_seconds{instance=\"\",job=\"mlopsbackup\",part=\"prune\",plan=\"platform\"} ",
        })
        {
            Assert.Contains(wanted, text, StringComparison.Ordinal);
        }

        var own = string.Join('\n', text.Split('\n').Where(l => l.Contains("mlopsbackup_", StringComparison.Ordinal))) + "\n";
        await CheckAsync(own);
    }

    private static int Exit(string body)
    {
        using var json = JsonDocument.Parse(body);
        return (int)json.RootElement.GetProperty("resourceMetrics")[0].GetProperty("scopeMetrics")[0].GetProperty("metrics").EnumerateArray()
            .Single(m => m.GetProperty("name").GetString() == "mlopsbackup_run_exit_code").GetProperty("gauge").GetProperty("dataPoints")[0].GetProperty("asDouble").GetDouble();
    }

    /// <summary>Where there is promtool.</summary>
    private static async Task CheckAsync(string metrics)
    {
        if (!File.Exists("/usr/bin/promtool"))
        {
            return;
        }

        using var promtool = Process.Start(new ProcessStartInfo("/usr/bin/promtool", ["check", "metrics"])
        {
            RedirectStandardInput = true,
            RedirectStandardError = true,
            RedirectStandardOutput = true,
        })!;
        await promtool.StandardInput.WriteAsync(metrics);
        promtool.StandardInput.Close();
        var said = await promtool.StandardOutput.ReadToEndAsync(Token) + await promtool.StandardError.ReadToEndAsync(Token);
        await promtool.WaitForExitAsync(Token);
        Assert.True(promtool.ExitCode == 0, said);
    }
}
