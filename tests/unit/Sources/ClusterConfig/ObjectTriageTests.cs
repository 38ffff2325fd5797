using KubectlMlopsBackup.Sources.ClusterConfig;

namespace KubectlMlopsBackup.UnitTests.Sources.ClusterConfig;

public sealed class ObjectTriageTests
{
    [Theory]
    [InlineData("""{"apiVersion":"apps/v1","kind":"ReplicaSet","metadata":{"name":"a","ownerReferences":[{"kind":"Deployment","controller":true}]}}""", ObjectTriage.Owned)]
    [InlineData("""{"apiVersion":"apps/v1","kind":"ReplicaSet","metadata":{"name":"a"}}""", null)]
    [InlineData("""{"apiVersion":"batch/v1","kind":"Job","metadata":{"name":"a","ownerReferences":[{"kind":"CronJob","controller":true}]}}""", ObjectTriage.Owned)]
    [InlineData("""{"apiVersion":"batch/v1","kind":"Job","metadata":{"name":"a"},"status":{"conditions":[{"type":"Complete","status":"True"}]}}""", ObjectTriage.Ended)]
    [InlineData("""{"apiVersion":"batch/v1","kind":"Job","metadata":{"name":"a"},"status":{"conditions":[{"type":"Suspended","status":"True"}]}}""", null)]
    [InlineData("""{"apiVersion":"v1","kind":"Pod","metadata":{"name":"a"},"status":{"phase":"Running"}}""", null)]
    [InlineData("""{"apiVersion":"v1","kind":"Pod","metadata":{"name":"a"},"status":{"phase":"Succeeded"}}""", ObjectTriage.Ended)]
    [InlineData("""{"apiVersion":"v1","kind":"ConfigMap","metadata":{"name":"kube-root-ca.crt"}}""", ObjectTriage.ByCluster)]
    [InlineData("""{"apiVersion":"v1","kind":"ConfigMap","metadata":{"name":"a","ownerReferences":[{"kind":"Thing","controller":true}]}}""", null)]
    [InlineData("""{"apiVersion":"v1","kind":"Secret","metadata":{"name":"a","ownerReferences":[{"kind":"SealedSecret","controller":true}]}}""", null)]
    [InlineData("""{"apiVersion":"v1","kind":"Secret","type":"kubernetes.io/service-account-token","metadata":{"name":"robot-token-x2z9k","annotations":{"kubernetes.io/service-account.name":"robot"}}}""", ObjectTriage.ByCluster)]
    [InlineData("""{"apiVersion":"v1","kind":"Secret","type":"kubernetes.io/service-account-token","metadata":{"name":"robot","annotations":{"kubernetes.io/service-account.name":"robot"}}}""", null)]
    [InlineData("""{"apiVersion":"v1","kind":"Secret","type":"Opaque","metadata":{"name":"robot-token-x2z9k"}}""", null)]
    [InlineData("""{"apiVersion":"v1","kind":"ServiceAccount","metadata":{"name":"default"}}""", ObjectTriage.ByCluster)]
    [InlineData("""{"apiVersion":"v1","kind":"ServiceAccount","metadata":{"name":"default"},"imagePullSecrets":[{"name":"r"}]}""", null)]
    [InlineData("""{"apiVersion":"v1","kind":"Endpoints","metadata":{"name":"selected"}}""", ObjectTriage.ByCluster)]
    [InlineData("""{"apiVersion":"v1","kind":"Endpoints","metadata":{"name":"outside"}}""", null)]
    [InlineData("""{"apiVersion":"discovery.k8s.io/v1","kind":"EndpointSlice","metadata":{"name":"a","labels":{"endpointslice.kubernetes.io/managed-by":"endpointslicemirroring-controller.k8s.io"}}}""", ObjectTriage.ByCluster)]
    [InlineData("""{"apiVersion":"discovery.k8s.io/v1","kind":"EndpointSlice","metadata":{"name":"a","labels":{"endpointslice.kubernetes.io/managed-by":"me"}}}""", null)]
    public void What_the_cluster_makes_anew_is_left_out(string json, string? reason)
    {
        var body = Objects.Json(json);

        Assert.Equal(reason, ObjectTriage.WhyNot(ConfigObject.Of(body).Key, body, new HashSet<string> { "selected" }));
    }

    [Theory]
    [InlineData("", "events", "Event", false)]
    [InlineData("events.k8s.io", "events", "Event", false)]
    [InlineData("coordination.k8s.io", "leases", "Lease", false)]
    [InlineData("apps", "controllerrevisions", "ControllerRevision", false)]
    [InlineData("apps", "deployments", "Deployment", true)]
    [InlineData("example.com", "events", "Event", true)]
    public void Kinds_of_the_moment_are_not_looked_at(string group, string plural, string kind, bool kept) =>
        Assert.Equal(kept, ObjectTriage.IsKept(new ApiKind(new(group, "v1", plural, kind), ["create", "get", "list"])));

    [Fact]
    public void What_cannot_be_made_is_not_looked_at() =>
        Assert.False(ObjectTriage.IsKept(new ApiKind(new("metrics.k8s.io", "v1beta1", "pods", "PodMetrics"), ["get", "list"])));
}
