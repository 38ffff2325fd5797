using KubectlMlopsBackup.Cluster.Api;
using KubectlMlopsBackup.Cluster.Models;
using KubectlMlopsBackup.InCluster;
using KubectlMlopsBackup.InCluster.Target;
using KubectlMlopsBackup.UnitTests.Cluster;
using KubectlMlopsBackup.UnitTests.Configuration;
using KubectlMlopsBackup.UnitTests.Manifests;

namespace KubectlMlopsBackup.UnitTests.InCluster.Target;

public sealed class TargetNamespaceTests
{
    private static readonly string Plan = ClusterPlans.Minimal.With("    - name: local\n      volume: {}\n", "    - name: offsite\n      s3: {bucket: mlops-backups}\n");

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_platform_with_all_that_the_plan_names_is_accepted()
    {
        await using var cluster = await PlatformAsync();

        await CheckAsync(cluster);

        Assert.Empty(cluster.Changes);
    }

    [Theory]
    [InlineData("""{"type": "ExternalName", "externalName": "postgres.mlops.svc.cluster.local"}""")]
    [InlineData("""{"ports": [{"port": 5432}]}""")]
    public async Task A_Service_that_leads_out_of_the_namespace_is_refused(string spec)
    {
        await using var cluster = await PlatformAsync();
        cluster.Put(ApiResource.Services, "dr-test", $$"""{"metadata": {"name": "postgres"}, "spec": {{spec}}}""");

        var e = await Assert.ThrowsAsync<UserError>(() => CheckAsync(cluster));

        Assert.Contains("leads out of the namespace", e.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_is_missing_is_named_before_anything_is_made()
    {
        await using var cluster = await MemoryCluster.StartAsync();
        cluster.Put(ApiResource.Namespaces, null, """{"metadata": {"name": "dr-test"}}""");

        var e = await Assert.ThrowsAsync<UserError>(() => CheckAsync(cluster));

        Assert.Contains("nothing was restored", e.Message, StringComparison.Ordinal);
        Assert.Contains("Secret postgres", e.Message, StringComparison.Ordinal);
        Assert.Contains("Service postgres", e.Message, StringComparison.Ordinal);
        Assert.Empty(cluster.Changes);
    }

    [Fact]
    public async Task A_namespace_that_is_not_there_is_refused()
    {
        await using var cluster = await MemoryCluster.StartAsync();

        Assert.Contains("no namespace dr-test", (await Assert.ThrowsAsync<UserError>(() => CheckAsync(cluster))).Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_is_made_belongs_to_the_Job_and_the_source()
    {
        await using var cluster = await PlatformAsync();
        using var api = await cluster.ConnectAsync("mlops");
        var target = Namespace(api);

        await target.PrepareAsync(Token);
        await target.GiveToAsync(new JobView { Metadata = new Metadata { Name = "restore-x", Uid = "u" } }, Token);

        foreach (var (resource, name) in new[] { (ApiResource.ServiceAccounts, "restore-sa"), (ApiResource.ConfigMaps, "mlopsbackup-restore"), (ApiResource.NetworkPolicies, "mlopsbackup-restore") })
        {
            var made = cluster.Find(resource, "dr-test", name)!["metadata"]!;
            Assert.Equal("mlops", (string)made["labels"]!["mlopsbackup.io/restored-from"]!);
            Assert.Equal("restore-x", (string)made["ownerReferences"]![0]!["name"]!);
        }
    }

    [Fact]
    public async Task An_account_that_was_there_is_used_and_left_alone()
    {
        await using var cluster = await PlatformAsync();
        cluster.Put(ApiResource.ServiceAccounts, "dr-test", """{"metadata": {"name": "restore-sa", "annotations": {"role": "theirs"}}}""");
        var before = cluster.Find(ApiResource.ServiceAccounts, "dr-test", "restore-sa")!.ToJsonString();
        using var api = await cluster.ConnectAsync("mlops");
        var target = Namespace(api);

        await target.PrepareAsync(Token);
        await target.GiveToAsync(new JobView { Metadata = new Metadata { Name = "restore-x", Uid = "u" } }, Token);

        Assert.Equal(before, cluster.Find(ApiResource.ServiceAccounts, "dr-test", "restore-sa")!.ToJsonString());
    }

    private static TargetNamespace Namespace(ClusterApi api) =>
        new(api, TargetPlan.Of(new InstalledPlan(Plans.Load(Plan), Plan, "mlops", "1.2.3"), "dr-test", null, null), _ => { });

    private static async Task CheckAsync(MemoryCluster cluster)
    {
        using var api = await cluster.ConnectAsync("mlops");
        await Namespace(api).CheckAsync(Token);
    }

    private static async Task<MemoryCluster> PlatformAsync()
    {
        var cluster = await MemoryCluster.StartAsync();
        cluster.Put(ApiResource.Namespaces, null, """{"metadata": {"name": "dr-test"}}""");
        cluster.Put(ApiResource.Secrets, "dr-test", """{"metadata": {"name": "postgres"}, "data": {"postgres-password": "eA=="}}""");
        cluster.Put(ApiResource.Secrets, "dr-test", """{"metadata": {"name": "backup-passphrase"}, "data": {"passphrase": "eA=="}}""");
        cluster.Put(ApiResource.Services, "dr-test", """{"metadata": {"name": "postgres"}, "spec": {"selector": {"app": "postgres"}, "ports": [{"port": 5432}]}}""");
        return cluster;
    }
}
