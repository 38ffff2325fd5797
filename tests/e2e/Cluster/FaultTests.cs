using KubectlMlopsBackup.EndToEndTests.Cluster.Fixtures;
using KubectlMlopsBackup.EndToEndTests.Fixtures;

namespace KubectlMlopsBackup.EndToEndTests.Cluster;

/// <summary>What goes wrong around a Job is said within seconds, in words that mend it; what passes by itself is borne.</summary>
public sealed class FaultTests(ClusterFixture cluster)
{
    private static readonly string[] Backup = ["backup", "artifacts", "--start-timeout", "20s"];

    [Fact]
    public async Task An_image_that_cannot_be_had_is_named()
    {
        await using var ns = await InstalledAsync(plan => WithImage(plan, "localhost/no-such-image:1"));

        (await ns.RunAsync(Backup)).Expect(ExitCode.Failed).SaysWithFix("localhost/no-such-image:1 cannot be had", "spec.kubernetes.image");
        await NothingRunsAsync(ns);
    }

    [Fact]
    public async Task A_pod_that_no_node_takes_is_explained()
    {
        await using var ns = await InstalledAsync(plan => With(plan, "    resources: {requests: {cpu: '999'}}\n"));

        (await ns.RunAsync("backup", "artifacts", "--start-timeout", "5s")).Expect(ExitCode.Failed).SaysWithFix("no node takes pod", "Insufficient cpu", "resources.requests");
        await NothingRunsAsync(ns);
    }

    [Fact]
    public async Task A_Secret_that_has_gone_is_named()
    {
        await using var ns = await InstalledAsync();
        await ns.KubectlAsync("delete", "secret", "backup-passphrase");

        (await ns.RunAsync(Backup)).Expect(ExitCode.Failed).SaysWithFix("backup-passphrase", "cannot be mounted");
        await NothingRunsAsync(ns);
    }

    [Fact]
    public async Task A_quota_that_refuses_the_pod_is_named()
    {
        await using var ns = await InstalledAsync();
        await ns.KubectlAsync("create", "quota", "none", "--hard=pods=0");

        (await ns.RunAsync(Backup)).Expect(ExitCode.Failed).SaysWithFix("refuses to make the pod", "exceeded quota", "ResourceQuota");
        await NothingRunsAsync(ns);
    }

    [Fact]
    public async Task A_right_that_lacks_is_named_as_the_rule_that_a_Role_needs()
    {
        await using var ns = await InstalledAsync();
        await ns.KubectlAsync("create", "role", "reader", "--verb=get", "--resource=configmaps,cronjobs.batch");
        await ns.KubectlAsync("create", "rolebinding", "reader", "--role=reader", "--user=nobody");

        (await ns.RunAsync("list", "--as", "stranger")).Expect(ExitCode.Failed)
            .SaysWithFix("may not get configmaps", "{apiGroups: [\"\"], resources: [\"configmaps\"], verbs: [\"get\"]}");
        (await ns.RunAsync([.. Backup, "--as", "nobody"])).Expect(ExitCode.Failed)
            .SaysWithFix("may not create jobs.batch", "{apiGroups: [\"batch\"], resources: [\"jobs\"], verbs: [\"create\"]}");
    }

    [Fact]
    public async Task A_Job_that_someone_else_deletes_is_no_success()
    {
        await using var ns = await InstalledAsync(plan => With(plan, "    nodeSelector: {no: node}\n"));
        using var backup = ns.Start("backup", "artifacts");
        await JobAsync(ns);

        await ns.KubectlAsync("delete", "jobs", "--all");

        (await backup.WaitAsync(TimeSpan.FromMinutes(1), TestContext.Current.CancellationToken)).Expect(ExitCode.Failed).Says("was deleted by someone else");
    }

    [Fact]
    public async Task A_pod_that_is_evicted_is_started_again()
    {
        var label = $"mlopsbackup-e2e-{Guid.NewGuid():N}";
        await using var ns = await InstalledAsync();
        await ns.DoneAsync("init", "--repositories");
        // Until a node has the label the pod waits, and can be evicted at leisure.
        await ns.DoneAsync("install", "-f", await ClusterPlatform.PlanAsync(cluster, ns, text => With(Everywhere(text), $"    nodeSelector: {{{label}: here}}\n")));
        using var backup = ns.Start("backup", "artifacts", "--allow-empty");
        var pod = await PodAsync(ns);

        await cluster.KubectlAsync(
            ["create", "--raw", $"/api/v1/namespaces/{ns.Name}/pods/{pod}/eviction", "-f", "-"],
            $$"""{"apiVersion":"policy/v1","kind":"Eviction","metadata":{"name":"{{pod}}","namespace":"{{ns.Name}}"} }""");
        try
        {
            await cluster.KubectlAsync(["label", "nodes", "--all", $"{label}=here"]);
            (await backup.WaitAsync(TimeSpan.FromMinutes(3), TestContext.Current.CancellationToken)).Expect(ExitCode.Done);
            Assert.NotEqual(pod, await PodAsync(ns));
        }
        finally
        {
            await cluster.KubectlAsync(["label", "nodes", "--all", $"{label}-"]);
        }
    }

    [Fact]
    public async Task A_backup_is_followed_across_an_API_server_that_is_away()
    {
        await using var ns = await InstalledAsync();
        await ns.DoneAsync("init", "--repositories");
        var server = new Uri(await cluster.KubectlAsync(["config", "view", "--minify", "-o", "jsonpath={.clusters[0].cluster.server}"]));
        await using var wire = new TcpCut(server);
        var kubeconfig = Path.Combine(ns.Folder, "kubeconfig");
        File.Copy(cluster.Kubeconfig, kubeconfig);
        await cluster.KubectlAsync(
        [
            "config", "set-cluster", await cluster.KubectlAsync(["config", "view", "--minify", "-o", "jsonpath={.clusters[0].name}"]),
            "--kubeconfig", kubeconfig, "--server", $"https://127.0.0.1:{wire.Port}", "--tls-server-name", server.Host,
        ]);
        using var backup = ns.Start("backup", "artifacts", "--allow-empty", "--kubeconfig", kubeconfig);
        await JobAsync(ns);

        wire.Cut();
        await ns.KubectlAsync("wait", "--for=condition=complete", "--timeout=2m", "job", "-l", "app.kubernetes.io/component=mlflow-artifacts-backup");
        Assert.False(backup.HasExited);
        wire.Mend();

        (await backup.WaitAsync(TimeSpan.FromMinutes(2), TestContext.Current.CancellationToken)).Expect(ExitCode.Done);
    }

    [Fact]
    public async Task Who_is_told_of_a_Job_that_failed_hears_of_it_once()
    {
        using var web = new HttpStandIn(ClusterFixture.HostAddress);
        web.Answers["/hook"] = (200, "ok");
        await using var ns = await InstalledAsync();
        await ns.DoneAsync("init", "--repositories");
        await ns.KubectlAsync("create", "secret", "generic", "hook", $"--from-literal=url={web.Address}/hook");
        await ns.DoneAsync("install", "-f", await ClusterPlatform.PlanAsync(cluster, ns, text => Everywhere(text).Replace(
            "  encryption:", $"  notifications: [{{name: pager, kind: webhook, port: {new Uri(web.Address).Port}, urlSecret: {{name: hook, key: url}}}}]\n  encryption:", StringComparison.Ordinal)));

        // No artifacts are there: that may mend itself, and is tried three times.
        (await ns.RunAsync("backup", "artifacts")).Expect(ExitCode.Failed).Says("/mlflow/artifacts has no files");

        Assert.Equal(3, (await ns.KubectlAsync("get", "pods", "-l", "app.kubernetes.io/component=mlflow-artifacts-backup", "-o", "name")).Split('\n', StringSplitOptions.RemoveEmptyEntries).Length);
        var (_, _, body) = Assert.Single(web.Requests);
        Assert.Contains("\"exitCode\":1", body, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Nothing_installed_is_said_with_what_to_do()
    {
        await using var ns = await cluster.NamespaceAsync();

        (await ns.RunAsync("list")).Expect(ExitCode.Usage).SaysWithFix($"no plan is installed in namespace {ns.Name}", "install -f");
    }

    /// <summary>Only what the Jobs themselves need: no database runs.</summary>
    private async Task<TestNamespace> InstalledAsync(Func<string, string>? change = null)
    {
        var ns = await cluster.NamespaceAsync();
        await ClusterPlatform.ApplyAsync(cluster, ns);
        var plan = await ClusterPlatform.PlanAsync(cluster, ns, text => change?.Invoke(Everywhere(text)) ?? Everywhere(text));
        await ns.DoneAsync("install", "-f", plan);
        return ns;
    }

    /// <summary>Without the pod that has the artifacts' volume, the backup runs anywhere.</summary>
    private static string Everywhere(string plan) => plan.Replace("    affinityLabels: {app: mlflow-server}\n", "", StringComparison.Ordinal);

    private static string With(string plan, string line) => plan.Replace("  kubernetes:\n", $"  kubernetes:\n{line}", StringComparison.Ordinal);

    private static string WithImage(string plan, string image) =>
        string.Join('\n', plan.Split('\n').Select(l => l.StartsWith("    image: ", StringComparison.Ordinal) ? $"    image: {image}" : l));

    private static async Task NothingRunsAsync(TestNamespace ns) =>
        Assert.Equal("", await ns.KubectlAsync("get", "jobs", "-l", "app.kubernetes.io/component=mlflow-artifacts-backup", "-o", "name"));

    private static Task<string> JobAsync(TestNamespace ns) => FirstAsync(ns, "jobs", "app.kubernetes.io/component=mlflow-artifacts-backup");

    private static Task<string> PodAsync(TestNamespace ns) => FirstAsync(ns, "pods", "app.kubernetes.io/component=mlflow-artifacts-backup");

    private static async Task<string> FirstAsync(TestNamespace ns, string kind, string labels)
    {
        using var timer = new PeriodicTimer(TimeSpan.FromMilliseconds(100));
        while (await timer.WaitForNextTickAsync(TestContext.Current.CancellationToken))
        {
            if (await ns.KubectlAsync("get", kind, "-l", labels, "-o", "jsonpath={.items[*].metadata.name}") is { Length: > 0 } names)
            {
                return names.Split(' ')[0];
            }
        }

        throw new InvalidOperationException("a timer has ended");
    }
}
