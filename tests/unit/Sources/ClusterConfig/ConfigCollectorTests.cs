using KubectlMlopsBackup.Cluster.Api;
using KubectlMlopsBackup.Sources.ClusterConfig;
using KubectlMlopsBackup.UnitTests.Cluster;
using Microsoft.AspNetCore.Http;

namespace KubectlMlopsBackup.UnitTests.Sources.ClusterConfig;

/// <summary>Answers that a real API server gives rarely: a list that is forgotten between two pages, a refusal, an old server, a group that is away.</summary>
public sealed class ConfigCollectorTests : IDisposable
{
    private readonly string folder = Directory.CreateTempSubdirectory("mlopsbackup-collect-").FullName;
    private readonly List<string> asked = [];
    private bool aggregated;

    public void Dispose() => Directory.Delete(folder, recursive: true);

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Pages_are_read_to_the_end_and_a_list_that_was_forgotten_anew(bool isNew)
    {
        aggregated = isNew;

        var collected = await CollectAsync(new ConfigScope { Namespaces = ["mlops"] });

        Assert.Equal(["_cluster/Namespace/mlops.yaml", "mlops/ConfigMap/a.yaml", "mlops/ConfigMap/b.yaml"], collected.Objects.Select(o => o.Key.Path));
        Assert.Equal(4, asked.Count(a => a.Contains("/configmaps", StringComparison.Ordinal)));
        Assert.Equal("v1.30.0", collected.Summary.ClusterVersion);
    }

    [Fact]
    public async Task What_may_not_be_read_is_named_and_the_rest_is_kept()
    {
        var collected = await CollectAsync(new ConfigScope { Namespaces = ["mlops"] });

        Assert.Equal(["away.example.com/v1", "mlops/secrets"], collected.Problems.Select(p => p.Path));
        Assert.Contains("you may not list secrets", collected.Problems[1].Reason, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Secrets_that_are_not_wanted_are_not_asked_for()
    {
        var collected = await CollectAsync(new ConfigScope { Namespaces = ["mlops"], Secrets = SecretsMode.None });

        Assert.DoesNotContain(asked, a => a.Contains("/secrets", StringComparison.Ordinal));
        Assert.DoesNotContain(collected.Problems, p => p.Path == "mlops/secrets");
    }

    [Fact]
    public async Task A_namespace_that_is_not_there_is_a_mistake() =>
        Assert.Equal(ExitCode.Usage, (await Assert.ThrowsAsync<UserError>(() => CollectAsync(new ConfigScope { Namespaces = ["typo"] }))).Code);

    private async Task<CollectedConfig> CollectAsync(ConfigScope scope)
    {
        await using var server = await FakeApiServer.StartAsync();
        server.Answer = AnswerAsync;
        var kubeconfig = Path.Combine(folder, "config");
        await File.WriteAllTextAsync(kubeconfig,
            $$"""
            current-context: c
            clusters: [{name: k, cluster: {server: "{{server.Address}}" } }]
            contexts: [{name: c, context: {cluster: k, user: u, namespace: mlops } }]
            users: [{name: u, user: {token: t } }]
            """,
            TestContext.Current.CancellationToken);
        using var api = await ClusterApi.ConnectAsync(ClusterOptions.Default with { Kubeconfig = kubeconfig }, TimeProvider.System, TestContext.Current.CancellationToken);
        return await new ConfigCollector(api, scope).RunAsync(TestContext.Current.CancellationToken);
    }

    private Task AnswerAsync(HttpContext context)
    {
        var path = context.Request.Path.Value!;
        var query = context.Request.QueryString.Value ?? "";
        int forgotten;
        lock (asked)
        {
            asked.Add(path + query);
            forgotten = asked.Count(a => a.Contains("continue=", StringComparison.Ordinal));
        }

        const string Core = """{"resource":"configmaps","responseKind":{"kind":"ConfigMap"},"scope":"Namespaced","verbs":["create","get","list"]},{"resource":"secrets","responseKind":{"kind":"Secret"},"scope":"Namespaced","verbs":["create","get","list"]},{"resource":"bindings","responseKind":{"kind":"Binding"},"scope":"Namespaced","verbs":["create"]}""";
        var (code, body) = (path, aggregated) switch
        {
            ("/api", true) => (200, $$"""{"kind":"APIGroupDiscoveryList","items":[{"metadata":{"name":""},"versions":[{"version":"v1","resources":[{{Core}}]}]}]}"""),
            ("/apis", true) => (200, """{"kind":"APIGroupDiscoveryList","items":[{"metadata":{"name":"away.example.com"},"versions":[{"version":"v1","freshness":"Stale","resources":[]}]}]}"""),
            ("/api", false) => (200, """{"kind":"APIVersions","versions":["v1"]}"""),
            ("/apis", false) => (200, """{"kind":"APIGroupList","groups":[{"name":"away.example.com","versions":[{"version":"v1"}],"preferredVersion":{"version":"v1"}}]}"""),
            ("/api/v1", _) => (200, """{"kind":"APIResourceList","resources":[{"name":"configmaps","kind":"ConfigMap","namespaced":true,"verbs":["create","get","list"]},{"name":"configmaps/status","kind":"ConfigMap","namespaced":true,"verbs":["get"]},{"name":"secrets","kind":"Secret","namespaced":true,"verbs":["create","get","list"]}]}"""),
            ("/version", _) => (200, """{"gitVersion":"v1.30.0"}"""),
            ("/api/v1/namespaces/mlops", _) => (200, """{"kind":"Namespace","metadata":{"name":"mlops"}}"""),
            ("/api/v1/namespaces/mlops/secrets", _) => (403, """{"kind":"Status","reason":"Forbidden","message":"secrets is forbidden"}"""),
            ("/api/v1/namespaces/mlops/configmaps", _) when !query.Contains("continue", StringComparison.Ordinal) =>
                (200, """{"metadata":{"continue":"second"},"items":[{"metadata":{"name":"a","namespace":"mlops"}}]}"""),
            ("/api/v1/namespaces/mlops/configmaps", _) when forgotten == 1 => (410, """{"kind":"Status","reason":"Expired","message":"too old"}"""),
            ("/api/v1/namespaces/mlops/configmaps", _) => (200, """{"metadata":{},"items":[{"metadata":{"name":"b","namespace":"mlops"}}]}"""),
            _ => (404, """{"kind":"Status","reason":"NotFound","message":"no"}"""),
        };
        context.Response.StatusCode = code;
        context.Response.ContentType = "application/json";
        return context.Response.WriteAsync(body);
    }
}
