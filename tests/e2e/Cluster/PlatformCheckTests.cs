using System.Text;
using System.Text.Json;
using KubectlMlopsBackup.EndToEndTests.Cli.Fixtures;
using KubectlMlopsBackup.EndToEndTests.Cluster.Fixtures;
using KubectlMlopsBackup.EndToEndTests.Fixtures;
using KubectlMlopsBackup.Recovery.Checks;
using KubectlMlopsBackup.Recovery.Reports;

namespace KubectlMlopsBackup.EndToEndTests.Cluster;

/// <summary>Checks, reports and the runbook in a real cluster.</summary>
public sealed class PlatformCheckTests(ClusterFixture cluster)
{
    private const string Count = "SELECT count(*), sum(i) FROM runs";

    private const string WithoutTheTool = "BINARY=false";

    /// <summary>The checks that the stand-ins can pass.</summary>
    private const string Checks = """
      recovery:
        checks:
          - {name: pods, deadline: 1m, pods: {}}
          - {name: rows, rows: {}}
          - {name: artifacts, artifacts: {}}
          - {name: mlflow health, http: {service: mlflow-server, port: 5000, path: /health}}
          - {name: no such server, deadline: 1s, timeout: 1s, http: {service: nowhere}}
      kubernetes:

    """;

    [Fact]
    public async Task The_platform_is_checked_where_it_is_and_a_report_of_it_is_kept_there()
    {
        await using var ns = await PlatformAsync();

        var checkedOnce = (await ns.RunAsync("verify", "platform", "--exact", "-o", "json", "-q")).Expect(ExitCode.CheckFailed);
        var results = checkedOnce.Json.EnumerateArray().ToDictionary(r => r.GetProperty("name").GetString()!, r => r);
        Assert.Equal(["pods", "rows", "artifacts", "mlflow health", "no such server"], results.Keys);
        Assert.All(results.Where(r => r.Key != "no such server"), r => Assert.Equal("passed", r.Value.GetProperty("outcome").GetString()));
        Assert.Equal("failed", results["no such server"].GetProperty("outcome").GetString());
        Assert.Contains("of 3 workloads are ready", results["pods"].GetProperty("evidence").GetString(), StringComparison.Ordinal);
        Assert.True(await ns.HasAsync("networkpolicy", "mlopsbackup-checks"));

        var json = Encoding.UTF8.GetString(Report(ns).ToJson());
        var saved = await CommandLine.RunAsync(
            ["report", "save", "--size", $"{Encoding.UTF8.GetByteCount(json)}", "-n", ns.Name],
            new Dictionary<string, string> { ["KUBECONFIG"] = cluster.Kubeconfig },
            ns.Folder,
            json);
        var id = JsonSerializer.Deserialize(saved.Expect(ExitCode.Done).OutputBytes, ReportJson.Default.SavedReport)!.Id;
        Assert.Equal(id, Assert.Single((await ns.DoneAsync("report", "list", "-o", "json", "-q")).Json.EnumerateArray().ToList()).GetProperty("id").GetString());
        await ns.DoneAsync("report", "show", "--file", "drill.html");
        Assert.Contains("<h1>Passed</h1>", await File.ReadAllTextAsync(Path.Combine(ns.Folder, "drill.html"), TestContext.Current.CancellationToken), StringComparison.Ordinal);
        (await ns.RunAsync("report", "show", "deadbeef")).Expect(ExitCode.Usage).Says("no report deadbeef");
        Assert.Equal("", await ns.KubectlAsync("get", "jobs", "-l", "app.kubernetes.io/component in (report,report-save)", "-o", "name"));
    }

    [Fact]
    public async Task The_runbook_brings_the_platform_back_from_files_alone()
    {
        await using var ns = await PlatformAsync("  config: {}\n");
        var (rows, files) = (await ClusterPlatform.SqlAsync(ns, Count), await FilesAsync(ns));
        var running = await RunningAsync(ns);
        await RunAsync(ns, "save", "");
        await RunAsync(ns, "cluster-save", "");

        await ns.KubectlAsync("delete", "deployment,statefulset,job,cronjob,service,pvc,secret,configmap,networkpolicy", "--all", "--wait=true", "--timeout=3m");
        await RunAsync(ns, "cluster-config", WithoutTheTool);
        // Nothing has seen the empty database, and no schedule backs it up.
        Assert.Equal("pod/postgres-0", (await ns.KubectlAsync("get", "pods", "-o", "name")).Trim());
        Assert.DoesNotContain("false", await SuspendedAsync(ns), StringComparison.Ordinal);
        foreach (var block in new[] { "cluster-database", "cluster-artifacts", "cluster-up" })
        {
            await RunAsync(ns, block, WithoutTheTool);
        }

        Assert.DoesNotContain("false", await SuspendedAsync(ns), StringComparison.Ordinal);
        await RunAsync(ns, "cluster-schedules", WithoutTheTool);
        Assert.Equal(running, await RunningAsync(ns));
        Assert.Equal(rows, await ClusterPlatform.SqlAsync(ns, Count));
        Assert.Equal(files, await FilesAsync(ns));
        Assert.Equal(
            ["cluster-artifacts", "cluster-config", "cluster-database", "cluster-save", "cluster-schedules", "cluster-up"],
            Runbook.Blocks.Keys.Where(b => b.StartsWith(Runbook.ClusterPrefix, StringComparison.Ordinal)).Order(StringComparer.Ordinal));
    }

    /// <returns>What each workload and schedule is meant to do: its replicas, or whether it is suspended.</returns>
    private static async Task<string> RunningAsync(TestNamespace ns) =>
        await ns.KubectlAsync("get", "deployments,statefulsets", "-o", "jsonpath={range .items[*]}{.kind}/{.metadata.name} {.spec.replicas};{end}") + await SuspendedAsync(ns);

    private static Task<string> SuspendedAsync(TestNamespace ns) =>
        ns.KubectlAsync("get", "cronjobs", "-o", "jsonpath={range .items[*]}{.metadata.name} {.spec.suspend};{end}");

    private Task RunAsync(TestNamespace ns, string block, string more) => Runbook.RunAsync(
        block,
        $$"""
        kubectl() { if [ "$1" = mlopsbackup ]; then shift; "$BINARY" "$@"; else command kubectl "$@"; fi; }
        {{more}}
        """,
        new Dictionary<string, string>
        {
            ["BINARY"] = CommandLine.Binary,
            ["KUBECONFIG"] = cluster.Kubeconfig,
            ["PATH"] = Environment.GetEnvironmentVariable("PATH")!,
            ["HOME"] = ns.Folder,
            ["NS"] = ns.Name,
            ["DB"] = ClusterPlatform.Database,
            ["SAFE"] = Path.Combine(ns.Folder, "safe"),
        });

    /// <param name="more">Lines of the plan's spec.</param>
    private async Task<TestNamespace> PlatformAsync(string more = "")
    {
        var ns = await cluster.NamespaceAsync();
        await ClusterPlatform.DeployAsync(cluster, ns);
        await ClusterPlatform.SqlAsync(ns, "CREATE TABLE runs (i int PRIMARY KEY); INSERT INTO runs SELECT generate_series(1, 1000)");
        await ns.KubectlAsync(
            "exec", "deployment/mlflow-server", "--", "sh", "-ec",
            "mkdir -p /mlflow/artifacts/1/a/artifacts; cd /mlflow/artifacts; head -c 3000000 /dev/urandom > 1/a/artifacts/model.bin; echo flavors > 1/a/artifacts/MLmodel");
        await ns.DoneAsync("install", "--init", "-f", await ClusterPlatform.PlanAsync(cluster, ns, p => p.Replace("  kubernetes:\n", more + Checks, StringComparison.Ordinal)));
        await ns.DoneAsync("backup", "all");
        return ns;
    }

    private static Task<string> FilesAsync(TestNamespace ns) => ns.KubectlAsync(
        "exec", "deployment/mlflow-server", "--", "sh", "-ec", "cd /mlflow/artifacts; find . -type f ! -path './lost+found*' -print0 | LC_ALL=C sort -z | xargs -0 sha256sum");

    private static RecoveryReport Report(TestNamespace ns) => ReportJudge.Judge(new RecoveryReport
    {
        Kind = ReportKind.Drill,
        Verdict = ReportVerdict.Failed,
        Plan = "mlops-platform",
        Target = $"namespace {ns.Name}",
        Started = DateTimeOffset.UtcNow.AddMinutes(-1),
        Finished = DateTimeOffset.UtcNow,
        Rpo = new Measure(3600, 86_400),
        Rto = new Measure(60, 14_400),
        // More than a frame of standard input, and than a termination message.
        Steps = [.. Enumerable.Range(0, 400).Select(i => new ReportStep { Name = $"step {i}", Outcome = StepOutcome.Done, Seconds = 0.1, Started = DateTimeOffset.UtcNow, Detail = new string('x', 200) })],
        Checks = [new CheckResult { Name = "pods", Kind = "pods", Outcome = CheckOutcome.Passed, Evidence = "all 3 pods are ready" }],
        Versions = new ReportVersions("0.0.0-test"),
    });
}
