using KubectlMlopsBackup.EndToEndTests.Cli.Fixtures;

namespace KubectlMlopsBackup.EndToEndTests.Cluster.Fixtures;

/// <summary>examples/platform in a namespace, running; with the stand-ins where the cluster cannot pull its images.</summary>
internal static class ClusterPlatform
{
    public const string Database = "mlflow";
    public const string User = "mlflow";

    /// <summary>Waits until all of it is ready.</summary>
    public static async Task DeployAsync(ClusterFixture cluster, TestNamespace ns)
    {
        await ApplyAsync(cluster, ns);
        await ns.KubectlAsync("rollout", "status", "statefulset/postgres", "--timeout=4m");
        await ns.KubectlAsync("rollout", "status", "deployment/mlflow-server", "--timeout=4m");
        await ns.KubectlAsync("rollout", "status", "deployment/churn-api", "--timeout=4m");
    }

    /// <summary>Without waiting for any of it.</summary>
    public static async Task ApplyAsync(ClusterFixture cluster, TestNamespace ns)
    {
        var checkout = CommandLine.Checkout();
        var image = ClusterFixture.PlatformImage;
        var folder = Path.Combine(checkout, image is null ? "tests/e2e/Cluster/platform" : "tests/e2e/Cluster/stand-ins");
        var yaml = await cluster.KubectlAsync(["kustomize", folder]);
        await ns.ApplyAsync(image is null ? yaml : yaml.Replace("stand-in:none", image, StringComparison.Ordinal));
    }

    /// <summary>The plan of examples/platform for this namespace, with the agent's image in it.</summary>
    /// <param name="change">On its text.</param>
    /// <returns>Its file.</returns>
    public static async Task<string> PlanAsync(ClusterFixture cluster, TestNamespace ns, Func<string, string>? change = null)
    {
        var image = await cluster.ImageAsync();
        var text = (await File.ReadAllTextAsync(Path.Combine(CommandLine.Checkout(), "examples/platform/plan.yaml"), TestContext.Current.CancellationToken))
            .Replace("namespace: mlops-platform", $"namespace: {ns.Name}", StringComparison.Ordinal)
            .Replace("  kubernetes:\n", $"  kubernetes:\n    image: {image}\n", StringComparison.Ordinal);
        return ns.Write("mlopsbackup.yaml", change?.Invoke(text) ?? text);
    }

    /// <summary>Runs SQL in the platform's database, as its owner.</summary>
    /// <returns>The rows, unaligned.</returns>
    public static Task<string> SqlAsync(TestNamespace ns, string sql) => ns.KubectlAsync(
        "exec", "statefulset/postgres", "--", "sh", "-c", "PGPASSWORD=$POSTGRES_PASSWORD exec psql -h 127.0.0.1 -U \"$POSTGRES_USER\" -d \"$POSTGRES_DB\" -qAt -v ON_ERROR_STOP=1 -c \"$0\"", sql);
}
