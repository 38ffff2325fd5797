using KubectlMlopsBackup.EndToEndTests.Cluster.Fixtures;

namespace KubectlMlopsBackup.EndToEndTests.Cluster;

/// <summary><c>init</c> looks at a real namespace.</summary>
public sealed class InitTests(ClusterFixture cluster)
{
    [Fact]
    public async Task The_plan_of_the_example_platform_installs_as_it_was_written()
    {
        await using var ns = await cluster.NamespaceAsync();
        await ClusterPlatform.ApplyAsync(cluster, ns);
        var path = Path.Combine(ns.Folder, "found.yaml");

        var result = await ns.DoneAsync("init", "-f", path);

        Assert.Contains("postgres   mlflow at postgres:5432", result.Output, StringComparison.Ordinal);
        var text = await File.ReadAllTextAsync(path, TestContext.Current.CancellationToken);
        Assert.Contains("      name: postgres\n      key: postgres-password\n", text, StringComparison.Ordinal);
        Assert.Contains("      claimName: mlflow-artifacts\n", text, StringComparison.Ordinal);
        Assert.Contains("      app: mlflow-server\n", text, StringComparison.Ordinal);
        Assert.Contains("      - deployment/mlflow-server\n", text, StringComparison.Ordinal);
        Assert.DoesNotContain("- statefulset/postgres", text, StringComparison.Ordinal);
        Assert.Contains("      runAsUser: 10001\n", text, StringComparison.Ordinal);
        Assert.DoesNotContain("try-it-out", text + result.Output + result.Error, StringComparison.Ordinal);
        await ns.DoneAsync("install", "-f", path, "--dry-run=server");

        (await ns.RunAsync("init", "-f", path)).Expect(ExitCode.Usage).SaysWithFix("exists");
    }

    [Fact]
    public async Task A_namespace_with_nothing_in_it_gets_no_plan()
    {
        await using var ns = await cluster.NamespaceAsync();

        (await ns.RunAsync("init", "-f", Path.Combine(ns.Folder, "p.yaml"))).Expect(ExitCode.Usage).SaysWithFix("looks like PostgreSQL or MLflow");

        Assert.False(File.Exists(Path.Combine(ns.Folder, "p.yaml")));
    }
}
