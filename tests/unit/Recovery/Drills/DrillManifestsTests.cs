using System.Text.Json.Nodes;
using KubectlMlopsBackup.Manifests;
using KubectlMlopsBackup.Recovery.Drills;
using KubectlMlopsBackup.UnitTests.Configuration;
using KubectlMlopsBackup.UnitTests.Manifests;

namespace KubectlMlopsBackup.UnitTests.Recovery.Drills;

/// <summary>Nothing in a drill reaches production or the outside, but the repository.</summary>
public sealed class DrillManifestsTests
{
    private const string Repository = "      s3: {bucket: mlops-backups, endpoint: \"ENDPOINT\"}\n";

    [Fact]
    public void Every_pod_reaches_its_own_namespace_and_DNS_and_nothing_else()
    {
        var policy = Find("http://minio.storage.svc:9000", DrillManifests.Isolation)["spec"]!;

        Assert.Empty(policy["podSelector"]!.AsObject());
        Assert.Equal(["Ingress", "Egress"], policy["policyTypes"]!.AsArray().Select(t => (string)t!));
        Assert.Equal("{\"podSelector\":{}}", Assert.Single(Assert.Single(policy["ingress"]!.AsArray())!["from"]!.AsArray())!.ToJsonString());
        var egress = policy["egress"]!.AsArray();
        Assert.Equal(2, egress.Count);
        Assert.Equal("[{\"podSelector\":{}}]", egress[0]!["to"]!.ToJsonString());
        Assert.All(egress[1]!["ports"]!.AsArray(), p => Assert.True((long)p!["port"]! is 53 or 5353));
    }

    [Theory]
    [InlineData("http://minio.storage.svc:9000", 9000, """[{"namespaceSelector":{"matchLabels":{"kubernetes.io/metadata.name":"storage"}}}]""")]
    [InlineData("http://10.240.0.1:7480", 7480, """[{"ipBlock":{"cidr":"10.240.0.1/32"}}]""")]
    [InlineData("https://[fd00::1]", 443, """[{"ipBlock":{"cidr":"fd00::1/128"}}]""")]
    [InlineData("https://s3.example.com", 443, null)]
    public void Only_the_restoring_pods_reach_the_repository(string endpoint, int port, string? to)
    {
        var policy = Find(endpoint, DrillManifests.Repository)["spec"]!;

        Assert.Equal("mlopsbackup", (string)policy["podSelector"]!["matchLabels"]!["app.kubernetes.io/name"]!);
        var rule = Assert.Single(policy["egress"]!.AsArray())!;
        Assert.Equal(port, (long)Assert.Single(rule["ports"]!.AsArray())!["port"]!);
        Assert.Equal(to, rule["to"]?.ToJsonString());
    }

    [Fact]
    public void They_reach_the_store_of_artifacts_that_are_rehearsed_too()
    {
        var plan = Plans.Load(ClusterPlans.Minimal
            .With("      volume: {}\n", Repository.Replace("ENDPOINT", "http://10.240.0.1:7480", StringComparison.Ordinal))
            .With("  repositories:\n", "  artifacts: {s3: {bucket: mlflow, prefix: prod, endpoint: \"http://10.240.0.2:9000\"}}\n  repositories:\n"));

        var policy = YamlTree.Parse(DrillManifests.Of("dr-test", "abcd2345", plan).First(m => m.Name == DrillManifests.Repository).Yaml);

        Assert.Equal([7480, 9000], policy["spec"]!["egress"]!.AsArray().Select(r => (long)r!["ports"]![0]!["port"]!));
    }

    [Fact]
    public void Nothing_is_seen_from_outside_or_runs_by_itself_and_the_plans_caps_hold()
    {
        var hard = Find("https://s3.example.com", DrillManifests.Quota)["spec"]!["hard"]!;

        foreach (var none in new[] { "services.loadbalancers", "services.nodeports", "count/ingresses.networking.k8s.io", "count/cronjobs.batch" })
        {
            Assert.Equal("0", (string)hard[none]!);
        }

        Assert.Equal(("16", "64Gi", "1Ti"), ((string)hard["requests.cpu"]!, (string)hard["requests.memory"]!, (string)hard["requests.storage"]!));
    }

    private static JsonObject Find(string endpoint, string name) => YamlTree.Parse(DrillManifests.Of("dr-test", "abcd2345", Plans.Load(
        ClusterPlans.Minimal.With("      volume: {}\n", Repository.Replace("ENDPOINT", endpoint, StringComparison.Ordinal)))).First(m => m.Name == name).Yaml);
}
