using System.Text.Json.Nodes;
using KubectlMlopsBackup.Cluster.Api;
using KubectlMlopsBackup.Sources.ClusterConfig;
using KubectlMlopsBackup.Sources.ClusterConfig.Restore;
using KubectlMlopsBackup.UnitTests.Cluster;
using Microsoft.AspNetCore.Http;
using static KubectlMlopsBackup.UnitTests.Sources.ClusterConfig.Objects;

namespace KubectlMlopsBackup.UnitTests.Sources.ClusterConfig.Restore;

/// <summary>Refusals that no real API server makes on request. What it does when all is well is tested with a real one.</summary>
public sealed class ConfigRestorerTests : IDisposable
{
    private readonly string folder = Directory.CreateTempSubdirectory("mlopsbackup-restore-").FullName;
    private readonly List<(string Method, string Path, JsonNode? Body)> asked = [];

    /// <summary>By method and the end of the path: how often it is refused, and with what.</summary>
    private readonly Dictionary<string, (int Times, int Code, string Body)> refusals = [];

    public void Dispose() => Directory.Delete(folder, recursive: true);

    [Fact]
    public async Task A_kind_that_the_cluster_does_not_have_is_named_and_the_rest_is_restored()
    {
        var report = await RestoreAsync([Named("example.com/v1", "Thing", "mlops", "a"), Named("apps/v1beta1", "Deployment", "mlops", "old"), Named("v1", "ConfigMap", "mlops", "a")]);

        Assert.True(report.Incomplete);
        Assert.Equal(
            [("configmap/a", RestoreAction.Created), ("deployment.apps/old", RestoreAction.Failed), ("thing.example.com/a", RestoreAction.Failed)],
            report.Objects.Select(o => (o.Object, o.Action)));
        Assert.Contains("does not serve apps/v1beta1, but apps/v1", report.Objects[1].Reason, StringComparison.Ordinal);
        Assert.Contains("--exclude Thing.example.com", report.Objects[2].Fix, StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_is_refused_for_now_is_tried_again_at_the_end()
    {
        refusals["POST configmaps"] = (1, 403, """{"kind":"Status","reason":"Forbidden","message":"admission webhook is not ready"}""");

        var report = await RestoreAsync([Named("v1", "ConfigMap", "mlops", "a")]);

        Assert.Equal(RestoreAction.Created, Assert.Single(report.Objects).Action);
        Assert.Equal(2, asked.Count(a => a.Method == "POST"));
    }

    [Fact]
    public async Task What_stays_refused_is_told_with_its_reason()
    {
        refusals["POST configmaps"] = (9, 403, """{"kind":"Status","reason":"Forbidden","message":"configmaps is forbidden: User x cannot create"}""");

        var failed = Assert.Single((await RestoreAsync([Named("v1", "ConfigMap", "mlops", "a")])).Objects);

        Assert.Equal(RestoreAction.Failed, failed.Action);
        Assert.Contains("User x cannot create", failed.Reason, StringComparison.Ordinal);
        Assert.Contains("resources: [\"configmaps\"], verbs: [\"create\"]", failed.Fix, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_node_port_that_is_taken_gives_way()
    {
        refusals["POST services"] = (1, 422, """{"kind":"Status","reason":"Invalid","message":"spec.ports[0].nodePort: Invalid value: 30080: provided port is already allocated"}""");

        var service = Assert.Single((await RestoreAsync([Named("v1", "Service", "mlops", "web", """{"type":"NodePort","ports":[{"port":80,"nodePort":30080}]}""")])).Objects);

        Assert.Equal((RestoreAction.Created, "its node port is taken: it got another one"), (service.Action, service.Reason));
        Assert.Null(asked[^1].Body!["spec"]!["ports"]![0]!["nodePort"]);
    }

    [Fact]
    public async Task This_programs_own_objects_are_applied_as_the_installation_does_and_all_others_created()
    {
        const string Own = """{"metadata":{"labels":{"app.kubernetes.io/name":"mlopsbackup","app.kubernetes.io/managed-by":"kubectl-mlopsbackup"}}}""";
        ConfigObject[] objects = [Labelled("ConfigMap", "plan", Own), Labelled("PersistentVolumeClaim", "repository", Own), Named("v1", "ConfigMap", "mlops", "settings")];

        var report = await RestoreAsync(objects);

        Assert.All(report.Objects, o => Assert.Equal(RestoreAction.Created, o.Action));
        Assert.Equal(
            ["PATCH configmaps/plan", "POST configmaps", "POST persistentvolumeclaims"],
            asked.Where(a => a.Method != "GET").Select(a => $"{a.Method} {a.Path["/api/v1/namespaces/mlops/".Length..]}").Order(StringComparer.Ordinal));
    }

    [Fact]
    public async Task Steps_can_be_done_one_after_the_other()
    {
        ConfigObject[] objects = [Named("v1", "ConfigMap", "mlops", "a"), Named("apps/v1", "Deployment", "mlops", "a", """{"replicas":1}""")];

        var first = await RestoreAsync(objects, RestoreOrder.BeforeWorkloads);
        var second = await RestoreAsync(objects, RestoreOrder.FromWorkloads);

        Assert.Equal(["configmap/a"], first.Objects.Select(o => o.Object));
        Assert.Equal(["configmap/a", "deployment.apps/a"], first.Then(second).Objects.Select(o => o.Object));
    }

    private static ConfigObject Labelled(string kind, string name, string labels)
    {
        var body = Named("v1", kind, "mlops", name).Copy();
        body["metadata"]!["labels"] = JsonNode.Parse(labels)!["metadata"]!["labels"]!.DeepClone();
        return ConfigObject.Of(body);
    }

    private async Task<ConfigRestoreReport> RestoreAsync(IReadOnlyList<ConfigObject> objects, IReadOnlySet<RestorePhase>? phases = null)
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
        return await new ConfigRestorer(api, new ConfigRestoreOptions(), TimeProvider.System).RunAsync(objects, phases, TestContext.Current.CancellationToken);
    }

    private async Task AnswerAsync(HttpContext context)
    {
        var path = context.Request.Path.Value!;
        using var body = new StreamReader(context.Request.Body);
        var text = await body.ReadToEndAsync();
        (int Code, string Body) answer;
        lock (asked)
        {
            asked.Add((context.Request.Method, path, text.Length == 0 ? null : YamlReading.ToJson(text)));
            var key = $"{context.Request.Method} {path[(path.LastIndexOf('/') + 1)..]}";
            if (refusals.TryGetValue(key, out var refusal) && refusal.Times > 0)
            {
                refusals[key] = refusal with { Times = refusal.Times - 1 };
                answer = (refusal.Code, refusal.Body);
            }
            else
            {
                answer = Answer(context.Request.Method, path, text);
            }
        }

        context.Response.StatusCode = answer.Code;
        context.Response.ContentType = "application/json";
        await context.Response.WriteAsync(answer.Body);
    }

    private static (int Code, string Body) Answer(string method, string path, string body)
    {
        static string Kind(string plural, string kind) =>
            $$"""{"resource":"{{plural}}","responseKind":{"kind":"{{kind}}"},"scope":"Namespaced","verbs":["create","get","list"]}""";
        return (method, path) switch
        {
            ("GET", "/api") => (200, $$"""{"kind":"APIGroupDiscoveryList","items":[{"metadata":{"name":""},"versions":[{"version":"v1","resources":[{{Kind("configmaps", "ConfigMap")}},{{Kind("services", "Service")}},{{Kind("persistentvolumeclaims", "PersistentVolumeClaim")}}]}]}]}"""),
            ("GET", "/apis") => (200, $$"""{"kind":"APIGroupDiscoveryList","items":[{"metadata":{"name":"apps"},"versions":[{"version":"v1","resources":[{{Kind("deployments", "Deployment")}}]}]}]}"""),
            ("GET", _) => (404, """{"kind":"Status","reason":"NotFound","message":"no"}"""),
            ("PATCH", _) => (201, YamlReading.ToJson(body)!.ToJsonString()),
            ("POST", _) => (201, YamlReading.ToJson(body)!.ToJsonString()),
            _ => (405, "{}"),
        };
    }
}
