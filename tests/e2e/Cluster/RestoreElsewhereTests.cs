using System.Text.RegularExpressions;
using KubectlMlopsBackup.EndToEndTests.Cli.Fixtures;
using KubectlMlopsBackup.EndToEndTests.Cluster.Fixtures;

namespace KubectlMlopsBackup.EndToEndTests.Cluster;

/// <summary>The backups of one namespace, restored into the same platform in another.</summary>
public sealed partial class RestoreElsewhereTests(ClusterFixture cluster)
{
    private const string Count = "SELECT count(*), sum(i) FROM runs";

    [Fact]
    public async Task The_other_namespace_gets_the_data_and_the_first_is_not_touched()
    {
        await using var bucket = await ClusterBucket.CreateAsync();
        await using var source = await cluster.NamespaceAsync();
        await using var target = await cluster.NamespaceAsync();
        await Task.WhenAll(ClusterPlatform.DeployAsync(cluster, source), ClusterPlatform.DeployAsync(cluster, target));
        await Task.WhenAll(bucket.GiveKeysAsync(source), bucket.GiveKeysAsync(target));
        await ClusterPlatform.SqlAsync(source, "CREATE TABLE runs (i int PRIMARY KEY); INSERT INTO runs SELECT generate_series(1, 1000)");
        await source.KubectlAsync("exec", "deployment/mlflow-server", "--", "sh", "-ec", "mkdir /mlflow/artifacts/1; echo flavors > /mlflow/artifacts/1/MLmodel");
        await source.DoneAsync("install", "--init", "-f", await ClusterPlatform.PlanAsync(
            cluster, source, plan => plan.Replace("  encryption:\n", $"{bucket.Repository("prod")}  encryption:\n", StringComparison.Ordinal)));
        await source.DoneAsync("backup", "all");
        await ClusterPlatform.SqlAsync(source, "INSERT INTO runs VALUES (1001)");

        (await source.RunAsync("restore", "all", "--yes", "--to-namespace", source.Name)).Expect(ExitCode.Usage).SaysWithFix("the platform's own namespace");
        await source.DoneAsync("restore", "all", "--yes", "--to-namespace", target.Name);

        Assert.Equal("1000|500500\n", await ClusterPlatform.SqlAsync(target, Count));
        Assert.Equal("1001|501501\n", await ClusterPlatform.SqlAsync(source, Count));
        Assert.Equal("flavors\n", await target.KubectlAsync("exec", "deployment/mlflow-server", "--", "cat", "/mlflow/artifacts/1/MLmodel"));
        // Nobody takes it for an installation.
        Assert.False(await target.HasAsync("configmap", "mlopsbackup-plan"));
        Assert.Contains("restore-", await target.KubectlAsync("get", "configmap", "mlopsbackup-restore", "-o", "jsonpath={.metadata.ownerReferences[0].name}"), StringComparison.Ordinal);
        (await source.RunAsync("restore", "all", "--dry-run", "--to-namespace", target.Name)).Expect(ExitCode.Done);

        await CutOffAsync(source, target);
    }

    /// <summary>The laptop dies in the middle, and the other namespace has a plan of its own: what its status says is pasted as it is.</summary>
    private async Task CutOffAsync(TestNamespace source, TestNamespace target)
    {
        await target.DoneAsync("install", "-f", await ClusterPlatform.PlanAsync(cluster, target));
        var before = await RestoresAsync(target);
        using var lost = source.Start("restore", "all", "--yes", "--to-namespace", target.Name);
        await UntilAsync(async () => lost.HasExited || await RestoresAsync(target) != before);
        Assert.False(lost.HasExited, lost.OutputSoFar);
        lost.Kill();

        var status = (await target.RunAsync("status", "-o", "json")).Expect(ExitCode.CheckFailed).Json;
        var held = status.GetProperty("problems").EnumerateArray().First(p => p.GetProperty("kind").GetString() == "suspended");
        Assert.Contains($"suspended by a restore of the backups of namespace {source.Name}", held.GetProperty("message").GetString(), StringComparison.Ordinal);
        var command = Pasted().Match(held.GetProperty("fix").GetString()!).Groups[1].Value;
        Assert.StartsWith("restore --resume", command, StringComparison.Ordinal);
        (await CommandLine.RunAsync(command.Split(' '), new Dictionary<string, string> { ["KUBECONFIG"] = cluster.Kubeconfig }, source.Folder)).Expect(ExitCode.Done);

        Assert.Equal("false", await target.KubectlAsync("get", "cronjob", "postgres-backup", "-o", "jsonpath={.spec.suspend}"));
        Assert.Equal("1", await target.KubectlAsync("get", "deployment", "mlflow-server", "-o", "jsonpath={.status.readyReplicas}"));
        Assert.Equal("1000|500500\n", await ClusterPlatform.SqlAsync(target, Count));
    }

    private static Task<string> RestoresAsync(TestNamespace ns) => ns.KubectlAsync("get", "jobs", "-l", "app.kubernetes.io/component=restore", "-o", "name");

    private static async Task UntilAsync(Func<Task<bool>> done)
    {
        using var time = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
        time.CancelAfter(TimeSpan.FromMinutes(3));
        using var timer = new PeriodicTimer(TimeSpan.FromMilliseconds(300));
        while (!await done())
        {
            await timer.WaitForNextTickAsync(time.Token);
        }
    }

    [GeneratedRegex("^finish it: kubectl mlopsbackup ([^;]*);", RegexOptions.CultureInvariant)]
    private static partial Regex Pasted();
}
