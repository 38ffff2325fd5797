using KubectlMlopsBackup.Cluster.Api;
using KubectlMlopsBackup.Cluster.Models;
using KubectlMlopsBackup.InCluster.Installing;
using KubectlMlopsBackup.UnitTests.Cluster.Api;

namespace KubectlMlopsBackup.UnitTests.InCluster.Installing;

public sealed class ArgoTrackingTests
{
    private const string Claims = """{"kind":"ConfigMap","name":"mlopsbackup-plan","namespace":"mlops","version":"v1"}""";

    [Theory]
    [InlineData(200, """{"metadata":{},"items":[{"metadata":{"name":"platform"},"status":{"resources":[{"kind":"Service","name":"mlflow","namespace":"mlops"},CLAIMS]}}]}""", "Argo CD (platform)")]
    [InlineData(200, """{"metadata":{},"items":[{"metadata":{"name":"platform"},"status":{"resources":[{"kind":"ConfigMap","name":"mlopsbackup-plan","namespace":"staging"}]}}]}""", null)]
    [InlineData(200, """{"metadata":{},"items":[{"metadata":{"name":"other"},"status":{"resources":[CLAIMS]}}]}""", null)]
    [InlineData(200, """{"metadata":{},"items":[{"metadata":{"name":"platform"}}]}""", null)]
    [InlineData(200, """{"metadata":{},"items":[]}""", null)]
    [InlineData(404, """{"kind":"Status","code":404,"reason":"NotFound","message":"the server could not find the requested resource"}""", null)]
    [InlineData(403, """{"kind":"Status","code":403,"reason":"Forbidden","message":"applications.argoproj.io is forbidden"}""", null)]
    public async Task The_label_counts_only_where_the_Application_says_the_same(int code, string answer, string? owner)
    {
        using var server = new ScriptedApi();
        server.Lists.Enqueue((code, answer.Replace("CLAIMS", Claims, StringComparison.Ordinal)));

        Assert.Equal(owner, await OwnerAsync(server, "platform"));
        Assert.Contains("/apis/argoproj.io/v1alpha1/applications?", Assert.Single(server.Asked), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Without_the_label_nobody_is_asked()
    {
        using var server = new ScriptedApi();

        Assert.Null(await OwnerAsync(server, null));
        Assert.Empty(server.Asked);
    }

    private static async Task<string?> OwnerAsync(ScriptedApi server, string? instance)
    {
        var token = TestContext.Current.CancellationToken;
        using var api = await ClusterApi.ConnectAsync(ClusterOptions.Default with { Kubeconfig = server.Kubeconfig }, TimeProvider.System, token);
        var map = new Metadata
        {
            Name = "mlopsbackup-plan",
            Labels = instance is null ? null : new Dictionary<string, string> { ["app.kubernetes.io/instance"] = instance },
        };
        return await new ArgoTracking(api, "mlops").OwnerAsync("ConfigMap", map, token);
    }
}
