using System.Text.Json.Nodes;
using KubectlMlopsBackup.Recovery.Drills;
using KubectlMlopsBackup.Sources.ClusterConfig;

namespace KubectlMlopsBackup.UnitTests.Recovery.Drills;

/// <summary>Nothing that a drill makes reaches beyond its namespace.</summary>
public sealed class DrillObjectsTests
{
    [Theory]
    [InlineData("networking.k8s.io/v1", "Ingress")]
    [InlineData("networking.k8s.io/v1", "NetworkPolicy")]
    [InlineData("batch/v1", "CronJob")]
    [InlineData("batch/v1", "Job")]
    [InlineData("rbac.authorization.k8s.io/v1", "RoleBinding")]
    [InlineData("cert-manager.io/v1", "Certificate")]
    [InlineData("s3.services.k8s.aws/v1alpha1", "Bucket")]
    [InlineData("apps/v1", "DaemonSet")]
    [InlineData("v1", "Pod")]
    public void Kinds_that_act_beyond_it_are_no_part_of_it(string version, string kind) => Assert.Null(One(version, kind, "{}"));

    [Fact]
    public void Only_the_platforms_own_namespace_is_rebuilt()
    {
        Assert.Null(One("v1", "ConfigMap", "{}", "other"));
        Assert.NotNull(One("v1", "ConfigMap", "{}"));
    }

    [Fact]
    public void The_tools_own_schedules_and_accounts_are_not() => Assert.Null(One(
        "v1", "ServiceAccount", """{"metadata": {"labels": {"app.kubernetes.io/name": "mlopsbackup", "app.kubernetes.io/managed-by": "kubectl-mlopsbackup"}}}"""));

    [Fact]
    public void A_claim_does_not_lead_to_a_volume_that_exists()
    {
        var spec = One("v1", "PersistentVolumeClaim", """{"spec": {"volumeName": "pv-1", "dataSource": {"name": "x"}, "dataSourceRef": {"name": "x"}, "selector": {}, "resources": {}}}""")!.Body["spec"]!;

        Assert.Equal("{\"resources\":{}}", spec.ToJsonString());
    }

    [Fact]
    public void A_Service_is_not_seen_from_outside()
    {
        var spec = One("v1", "Service", """{"spec": {"type": "LoadBalancer", "externalIPs": ["1.2.3.4"], "loadBalancerIP": "1.2.3.4", "ports": [{"port": 80, "nodePort": 30080}]}}""")!.Body["spec"]!;

        Assert.Equal("""{"type":"ClusterIP","ports":[{"port":80}]}""", spec.ToJsonString());
        Assert.Null(One("v1", "Service", """{"spec": {"type": "ExternalName", "externalName": "postgres.mlops.svc"}}"""));
    }

    [Theory]
    [InlineData("""{"hostNetwork": true}""", "hostNetwork")]
    [InlineData("""{"volumes": [{"name": "v", "hostPath": {"path": "/data"}}]}""", "hostPath")]
    [InlineData("""{"volumes": [{"name": "v", "nfs": {"server": "s", "path": "/"}}]}""", "nfs")]
    [InlineData("""{"volumes": [{"name": "v", "csi": {"driver": "d"}}]}""", "csi")]
    public void A_workload_with_data_that_is_not_of_the_namespace_is_left_out_and_named(string pod, string says)
    {
        var (objects, leftOut) = Of("apps/v1", "Deployment", $$"""{"spec": {"template": {"spec": {{pod}} } } }""", "mlops");

        Assert.Empty(objects);
        Assert.Contains(says, Assert.Single(leftOut), StringComparison.Ordinal);
    }

    [Fact]
    public void A_workload_of_the_namespaces_own_volumes_is_rebuilt_without_a_token()
    {
        var made = One("apps/v1", "StatefulSet", """{"spec": {"template": {"spec": {"volumes": [{"name": "a", "emptyDir": {}}, {"name": "b", "persistentVolumeClaim": {"claimName": "c"}}]}}, "volumeClaimTemplates": [{"spec": {"volumeName": "pv"}}]}}""")!;

        Assert.False(made.Body["spec"]!["template"]!["spec"]!["automountServiceAccountToken"]!.GetValue<bool>());
        Assert.Equal("{}", made.Body["spec"]!["volumeClaimTemplates"]![0]!["spec"]!.ToJsonString());
    }

    [Fact]
    public void An_account_is_nobody_in_a_cloud()
    {
        var made = One("v1", "ServiceAccount", """{"metadata": {"annotations": {"eks.amazonaws.com/role-arn": "arn:aws:iam::1:role/prod", "team": "ml"}}}""")!;

        Assert.Equal("""{"team":"ml"}""", made.Body["metadata"]!["annotations"]!.ToJsonString());
    }

    private static ConfigObject? One(string version, string kind, string more, string ns = "mlops") => Of(version, kind, more, ns).Objects.SingleOrDefault();

    private static (IReadOnlyList<ConfigObject> Objects, IReadOnlyList<string> LeftOut) Of(string version, string kind, string more, string ns)
    {
        var body = JsonNode.Parse(more)!.AsObject();
        body["apiVersion"] = version;
        body["kind"] = kind;
        var metadata = body["metadata"] as JsonObject ?? [];
        metadata["name"] = "x";
        metadata["namespace"] = ns;
        body["metadata"] = metadata;
        return DrillObjects.Of([ConfigObject.Of(body)], "mlops");
    }
}
