using System.Text.Json;
using System.Text.Json.Nodes;
using KubectlMlopsBackup.Cluster.Api;
using KubectlMlopsBackup.Cluster.Models;
using KubectlMlopsBackup.Diagnostics;
using KubectlMlopsBackup.Diagnostics.Bundle;
using KubectlMlopsBackup.Manifests;
using KubectlMlopsBackup.UnitTests.Cluster;
using KubectlMlopsBackup.UnitTests.Configuration;
using KubectlMlopsBackup.UnitTests.InCluster.Status;
using KubectlMlopsBackup.UnitTests.Sources.Artifacts;
using Microsoft.AspNetCore.Http;

namespace KubectlMlopsBackup.UnitTests.Diagnostics;

/// <summary>An API server with a namespace in which all is well: tests then spoil one thing.</summary>
internal sealed class DoctorWorld : IAsyncDisposable
{
    public const string Namespace = "mlops";

    private readonly FakeApiServer server;
    private readonly string folder = Directory.CreateTempSubdirectory("mlopsbackup-doctor-").FullName;

    private DoctorWorld(FakeApiServer server, string plan)
    {
        this.server = server;
        Plan = plan;
        server.Answer = AnswerAsync;
    }

    public string Plan { get; }

    public StatusWorld Runs { get; } = new();

    /// <summary>By their paths, such as <c>api/v1/namespaces/mlops/secrets/postgres</c>.</summary>
    public Dictionary<string, JsonObject> Objects { get; } = new(StringComparer.Ordinal);

    /// <summary>Verb and resource, such as <c>create jobs</c>, that the caller may not.</summary>
    public HashSet<string> Denied { get; } = new(StringComparer.Ordinal);

    /// <summary>What the Jobs' accounts may.</summary>
    public HashSet<string> Allowed { get; } = new(StringComparer.Ordinal);

    /// <summary>Paths that are answered with an error, by what they begin with; one with a space at its end is the whole path.</summary>
    public Dictionary<string, (int Code, string Message)> Refused { get; } = new(StringComparer.Ordinal);

    public string Version { get; set; } = "v1.36.2";

    public TimeSpan ServerAhead { get; set; }

    /// <summary>The caller's, in the kubeconfig.</summary>
    public string Token { get; set; } = "secret-token";

    public string Log { get; set; } = "";

    public static async Task<DoctorWorld> CreateAsync(string? plan = null)
    {
        var world = new DoctorWorld(await FakeApiServer.StartAsync(), plan ?? StatusWorld.Plan);
        world.Fill();
        return world;
    }

    public JsonObject Object(string path) => Objects[path];

    public static string Core(string plural, string name) => $"api/v1/namespaces/{Namespace}/{plural}/{name}";

    public static string Group(string group, string plural, string name) => $"apis/{group}/v1/namespaces/{Namespace}/{plural}/{name}";

    public static string CronJob(string name) => Group("batch", "cronjobs", name);

    public void Put(string path, string json) => Objects[path] = JsonNode.Parse(json)!.AsObject();

    public async Task<DoctorReport> RunAsync() => await WithAsync((api, clock) => new ClusterDoctor(api, clock).RunAsync(null, TestContext.Current.CancellationToken));

    /// <returns>How many files it has.</returns>
    public Task<int> BundleAsync(string path) => WithAsync(async (api, clock) => await SupportBundle.WriteAsync(
        path, await new ClusterDoctor(api, clock).RunAsync(null, TestContext.Current.CancellationToken), api, TestContext.Current.CancellationToken));

    private async Task<T> WithAsync<T>(Func<ClusterApi, TimeProvider, Task<T>> run)
    {
        var kubeconfig = Path.Combine(folder, "config");
        await File.WriteAllTextAsync(
            kubeconfig,
            $$"""
            current-context: c
            clusters: [{name: k, cluster: {server: "{{server.Address}}" } }]
            contexts: [{name: c, context: {cluster: k, user: u, namespace: {{Namespace}} } }]
            users: [{name: u, user: {token: {{Token}} } }]
            """,
            TestContext.Current.CancellationToken);
        var clock = new OffsetClock(Runs.Now - DateTimeOffset.UtcNow);
        using var api = await ClusterApi.ConnectAsync(ClusterOptions.Default with { Kubeconfig = kubeconfig }, clock, TestContext.Current.CancellationToken);
        return await run(api, clock);
    }

    public async ValueTask DisposeAsync()
    {
        await server.DisposeAsync();
        Directory.Delete(folder, recursive: true);
    }

    private void Fill()
    {
        foreach (var manifest in ManifestRenderer.Render(Plans.Load(Plan), new ManifestOptions("plan.yaml", Plan, Namespace, ToolVersion.Current)))
        {
            var resource = ApiResource.OfKind(manifest.Kind);
            var path = new ApiCall("get", resource, Namespace, manifest.Name).Path;
            Objects[path] = YamlTree.Parse(manifest.Yaml);
        }

        Claim("backup-pvc");
        Claim("artifacts");
        Put(Core("secrets", "postgres"), """{"metadata":{"name":"postgres"},"data":{"password":"c2VjcmV0LXZhbHVl"}}""");
        Put(Core("services", "postgres"), """{"metadata":{"name":"postgres"},"spec":{"clusterIP":"10.0.0.7","selector":{"app":"postgres"},"ports":[{"port":5432}]}}""");
        Put(
            Group("discovery.k8s.io", "endpointslices", "postgres-x"),
            """{"metadata":{"name":"postgres-x","labels":{"kubernetes.io/service-name":"postgres"}},"endpoints":[{"addresses":["10.1.0.5"],"conditions":{"ready":true}}]}""");
        Put("apis/storage.k8s.io/v1/storageclasses/standard", """{"metadata":{"name":"standard"},"allowVolumeExpansion":true,"volumeBindingMode":"Immediate"}""");
        Put(
            Group("apps", "deployments", "mlflow-server"),
            """
            {"metadata":{"name":"mlflow-server"},"spec":{"replicas":1,"template":{"metadata":{"labels":{"app":"mlflow-server"}},"spec":{
              "containers":[{"name":"mlflow","image":"mlflow:3","args":["mlflow server --artifacts-destination /mlflow/artifacts"],
                "volumeMounts":[{"name":"a","mountPath":"/mlflow/artifacts"}]}],
              "volumes":[{"name":"a","persistentVolumeClaim":{"claimName":"artifacts"}}]}}}}
            """);
        Pod("mlflow-server-5f", "node-1", "mlflow-server", "artifacts");
    }

    public void Pod(string name, string node, string app, string? claim = null)
    {
        var volume = claim is null ? "" : """{"name":"v","persistentVolumeClaim":{"claimName":"CLAIM"}}""".Replace("CLAIM", claim, StringComparison.Ordinal);
        Put(Core("pods", name), """
            {"metadata":{"name":"NAME","uid":"NAME","labels":{"app":"APP"}},"spec":{"nodeName":"NODE","volumes":[VOLUME]},"status":{"phase":"Running"}}
            """
            .Replace("NAME", name, StringComparison.Ordinal).Replace("APP", app, StringComparison.Ordinal)
            .Replace("NODE", node, StringComparison.Ordinal).Replace("VOLUME", volume, StringComparison.Ordinal));
    }

    private void Claim(string name) => Put(Core("persistentvolumeclaims", name), """
        {"metadata":{"name":"NAME","namespace":"mlops","labels":{"app.kubernetes.io/name":"mlopsbackup","app.kubernetes.io/instance":"mlops","app.kubernetes.io/component":"repository",
          "app.kubernetes.io/managed-by":"kubectl-mlopsbackup","app.kubernetes.io/version":"VERSION"}},"apiVersion":"v1","kind":"PersistentVolumeClaim",
         "spec":{"accessModes":["ReadWriteOnce"],"storageClassName":"standard","volumeName":"pv-1","resources":{"requests":{"storage":"50Gi"}}},"status":{"phase":"Bound"}}
        """.Replace("NAME", name, StringComparison.Ordinal).Replace("VERSION", ToolVersion.Current, StringComparison.Ordinal));

    private async Task AnswerAsync(HttpContext context)
    {
        context.Response.Headers.Date = DateTimeOffset.UtcNow.Add(ServerAhead).ToString("R");
        context.Response.ContentType = "application/json";
        var path = context.Request.Path.Value!.TrimStart('/');
        var key = $"{context.Request.Method} {path} ";
        if (Refused.Where(r => key.StartsWith(r.Key, StringComparison.Ordinal)).Select(r => ((int Code, string Message)?)r.Value).FirstOrDefault() is var (code, message))
        {
            await FailAsync(context, code, message);
            return;
        }

        if (path == "version")
        {
            await context.Response.WriteAsync(new JsonObject { ["gitVersion"] = Version }.ToJsonString());
        }
        else if (context.Request.Method == "POST")
        {
            await context.Response.WriteAsync(await CreatedAsync(context, path));
        }
        else if (path.EndsWith("/log", StringComparison.Ordinal))
        {
            await context.Response.WriteAsync(Log);
        }
        else if (Find(path) is { } one)
        {
            await context.Response.WriteAsync(one.ToJsonString());
        }
        else if (IsCollection(path))
        {
            await context.Response.WriteAsync(List(path, context.Request.Query["labelSelector"].ToString(), context.Request.Query["fieldSelector"].ToString()));
        }
        else
        {
            await FailAsync(context, 404, "not found");
        }
    }

    private static bool IsCollection(string path)
    {
        var parts = path.Split('/');
        return (parts[0] == "api" ? parts.Length - 2 : parts.Length - 3) is 1 or 3;
    }

    private static async Task FailAsync(HttpContext context, int code, string message)
    {
        context.Response.StatusCode = code;
        await context.Response.WriteAsync(new JsonObject
        {
            ["kind"] = "Status",
            ["code"] = code,
            ["message"] = message,
            ["reason"] = code == 403 ? "Forbidden" : code == 404 ? "NotFound" : "Invalid",
        }.ToJsonString());
    }

    private async Task<string> CreatedAsync(HttpContext context, string path)
    {
        var body = (await JsonNode.ParseAsync(context.Request.Body))!.AsObject();
        if (body["spec"]?["resourceAttributes"] is not { } asked)
        {
            return body.ToJsonString();
        }

        var subresource = asked["subresource"]!.GetValue<string>();
        var what = $"{asked["verb"]} {asked["resource"]}{(subresource.Length == 0 ? "" : $"/{subresource}")}";
        var allowed = path.Contains("selfsubject", StringComparison.Ordinal) ? !Denied.Contains(what) : Allowed.Contains($"{body["spec"]!["user"]!.GetValue<string>().Split(':')[^1]} {what}");
        return new JsonObject { ["status"] = new JsonObject { ["allowed"] = allowed } }.ToJsonString();
    }

    private JsonObject? Find(string path)
    {
        if (!Objects.TryGetValue(path, out var found))
        {
            return null;
        }

        // What the API server adds of its own.
        var whole = found.DeepClone().AsObject();
        whole["metadata"]!["resourceVersion"] = "7";
        if (Runs.CronJobs.TryGetValue(path.Split('/')[^1], out var run) && path.Contains("/cronjobs/", StringComparison.Ordinal))
        {
            whole["metadata"]!["creationTimestamp"] = JsonSerializer.SerializeToNode(run.Metadata.CreationTimestamp);
            whole["status"] = new JsonObject { ["lastScheduleTime"] = JsonSerializer.SerializeToNode(run.Status?.LastScheduleTime) };
        }

        return whole;
    }

    private string List(string path, string labels, string fields)
    {
        var items = Objects.Keys.Where(k => k.StartsWith(path + "/", StringComparison.Ordinal) && k.LastIndexOf('/') == path.Length)
            .Select(k => (JsonNode?)Find(k));
        if (path.EndsWith("/jobs", StringComparison.Ordinal))
        {
            items = Runs.Jobs.Select(j => JsonSerializer.SerializeToNode(j, ClusterJson.Default.JobView));
        }
        else if (path.EndsWith("/pods", StringComparison.Ordinal))
        {
            var ours = Runs.Pods.Select(p => JsonSerializer.SerializeToNode(
                p with { Metadata = p.Metadata with { Labels = new() { ["app.kubernetes.io/name"] = "mlopsbackup" } } }, ClusterJson.Default.PodView));
            items = labels.Length > 0 ? ours : items.Concat(ours);
        }
        else if (labels.Length > 0)
        {
            items = items.Where(i => labels.Split(',').Select(l => l.Split('=')).All(l =>
                i!["metadata"]!["labels"]?[l[0]]?.GetValue<string>() is { } value && (l.Length == 1 || value == l[1])));
        }

        if (fields.StartsWith("involvedObject.uid=", StringComparison.Ordinal))
        {
            items = items.Where(i => i!["involvedObject"]?["uid"]?.GetValue<string>() == fields.Split('=')[1]);
        }

        return new JsonObject { ["metadata"] = new JsonObject(), ["items"] = new JsonArray([.. items]) }.ToJsonString();
    }
}
