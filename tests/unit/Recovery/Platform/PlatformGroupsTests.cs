using System.Text.Json;
using KubectlMlopsBackup.Cluster.Models;
using KubectlMlopsBackup.InCluster.Discovery;
using KubectlMlopsBackup.Recovery.Platform;
using KubectlMlopsBackup.UnitTests.Configuration;
using KubectlMlopsBackup.UnitTests.Manifests;

namespace KubectlMlopsBackup.UnitTests.Recovery.Platform;

public sealed class PlatformGroupsTests
{
    private static readonly ServiceView Service = Parse("""{"metadata": {"name": "postgres"}, "spec": {"selector": {"app": "pg"} } }""", ClusterJson.Default.ServiceView);

    [Fact]
    public void Each_workload_is_started_once_and_in_its_turn()
    {
        var groups = Groups(
            Service,
            Workload("deployment", "web", "nginx"),
            Workload("deployment", "tracking", "ghcr.io/mlflow/mlflow:v3"),
            Workload("statefulset", "prometheus", "quay.io/prometheus/prometheus:v3"),
            Workload("deployment", "pg-exporter", "prometheuscommunity/postgres-exporter"),
            Workload("statefulset", "database", "registry/any:1", "pg"),
            Workload("deployment", "grafana", "grafana/grafana"),
            Workload("deployment", "api", "churn-api"));

        Assert.Equal(["statefulset/database"], groups.Database.Select(w => w.ToString()));
        Assert.Equal(["deployment/tracking"], groups.Mlflow.Select(w => w.ToString()));
        Assert.Equal(["deployment/api", "deployment/web"], groups.Application.Select(w => w.ToString()));
        Assert.Equal(["deployment/grafana", "deployment/pg-exporter", "statefulset/prometheus"], groups.Monitoring.Select(w => w.ToString()));
    }

    [Fact]
    public void What_a_restore_stops_first_is_started_last() => Assert.Equal(
        ["deployment/b", "deployment/c", "deployment/a"],
        Groups(null, Workload("deployment", "a", "x"), Workload("deployment", "b", "x"), Workload("deployment", "c", "x")).Application.Select(w => w.ToString()));

    [Fact]
    public void A_platform_without_what_is_looked_for_has_empty_groups()
    {
        var groups = Groups(null, Workload("deployment", "bare", null));

        Assert.Empty(groups.Database);
        Assert.Empty(groups.Mlflow);
        Assert.Equal("deployment/bare", Assert.Single(groups.Application).ToString());
    }

    private static PlatformGroups Groups(ServiceView? service, params Workload[] workloads) => PlatformGroups.Of(
        workloads,
        service,
        Plans.Load(ClusterPlans.Minimal + "\n  kubernetes:\n    scaleDown: [deployment/a, deployment/c]\n").Spec);

    private static Workload Workload(string kind, string name, string? image, string app = "x")
    {
        var containers = image is null ? "[]" : $$"""[{"name": "c", "image": "{{image}}"}]""";
        return new Workload(kind, Parse(
            $$"""{"metadata": {"name": "{{name}}"}, "spec": {"template": {"metadata": {"labels": {"app": "{{app}}"} }, "spec": {"containers": {{containers}} } } } }""",
            ClusterJson.Default.TemplatedView));
    }

    private static T Parse<T>(string json, System.Text.Json.Serialization.Metadata.JsonTypeInfo<T> type) => JsonSerializer.Deserialize(json, type)!;
}
