using System.Collections.Concurrent;
using System.Globalization;
using System.Text.Json.Nodes;
using KubectlMlopsBackup.Cluster.Api;
using Microsoft.AspNetCore.Http;

namespace KubectlMlopsBackup.UnitTests.Cluster;

/// <summary>
/// An API server that keeps what it is given: enough of Kubernetes to go through a story step by step, and to fail at any of them.
/// No controller runs in it: what one would do is <see cref="Controller"/>'s to say.
/// </summary>
internal sealed class MemoryCluster : IAsyncDisposable
{
    private readonly FakeApiServer server;
    private readonly string kubeconfig = Path.GetTempFileName();
    private readonly Lock gate = new();
    private readonly Dictionary<string, JsonObject> objects = new(StringComparer.Ordinal);
    private long version = 1;

    private MemoryCluster(FakeApiServer server)
    {
        this.server = server;
        server.Answer = HandleAsync;
        File.WriteAllText(
            kubeconfig,
            $$"""
            current-context: c
            clusters: [{name: k, cluster: {server: "{{server.Address}}" } }]
            contexts: [{name: c, context: {cluster: k, user: u, namespace: mlops } }]
            users: [{name: u, user: {token: t } }]
            """);
    }

    /// <summary>Called, under the lock, after an object was made or changed; it may change it further.</summary>
    public Action<string, JsonObject>? Controller { get; set; }

    /// <summary>Called before a request is answered: method and path. A status code is the answer; null lets it through.</summary>
    public Func<string, string, int?>? Refuse { get; set; }

    /// <summary>Of pods, by name.</summary>
    public ConcurrentDictionary<string, string> Logs { get; } = new();

    /// <summary>Method and path of every request that changes something, in order.</summary>
    public ConcurrentQueue<string> Changes { get; } = [];

    public static async Task<MemoryCluster> StartAsync() => new(await FakeApiServer.StartAsync());

    public Task<ClusterApi> ConnectAsync(string ns) => ClusterApi.ConnectAsync(
        ClusterOptions.Default with { Kubeconfig = kubeconfig, Namespace = ns }, TimeProvider.System, TestContext.Current.CancellationToken);

    /// <param name="json">With its metadata; kind and version are filled in.</param>
    public void Put(ApiResource resource, string? ns, string json)
    {
        var value = JsonNode.Parse(json)!.AsObject();
        lock (gate)
        {
            Store(PathOf(resource, ns, (string)value["metadata"]!["name"]!), Whole(resource, ns, value));
        }
    }

    public JsonObject? Find(ApiResource resource, string? ns, string name)
    {
        lock (gate)
        {
            return (JsonObject?)objects.GetValueOrDefault(PathOf(resource, ns, name))?.DeepClone();
        }
    }

    public IReadOnlyList<JsonObject> All(ApiResource resource, string? ns)
    {
        var folder = PathOf(resource, ns, "");
        lock (gate)
        {
            return [.. objects.Where(o => o.Key.StartsWith(folder, StringComparison.Ordinal)).Select(o => (JsonObject)o.Value.DeepClone())];
        }
    }

    public async ValueTask DisposeAsync()
    {
        await server.DisposeAsync();
        File.Delete(kubeconfig);
    }

    private static string PathOf(ApiResource resource, string? ns, string name) =>
        $"{(resource.Group.Length == 0 ? "/api/" : $"/apis/{resource.Group}/")}{resource.Version}{(ns is null ? "" : $"/namespaces/{ns}")}/{resource.Plural}/{name}";

    /// <summary>Without a word to the controller: it is the one who calls it.</summary>
    public void Place(ApiResource resource, string ns, string json)
    {
        var value = JsonNode.Parse(json)!.AsObject();
        var path = PathOf(resource, ns, (string)value["metadata"]!["name"]!);
        objects[path] = Whole(resource, ns, value);
    }

    private static JsonObject Whole(ApiResource resource, string? ns, JsonObject value)
    {
        value["apiVersion"] = resource.ApiVersion;
        value["kind"] = resource.Kind;
        if (ns is not null)
        {
            value["metadata"]!["namespace"] = ns;
        }

        return value;
    }

    private JsonObject Store(string path, JsonObject value)
    {
        var metadata = value["metadata"]!.AsObject();
        metadata["uid"] ??= Guid.NewGuid().ToString();
        metadata["creationTimestamp"] ??= DateTimeOffset.UtcNow.ToString("yyyy-MM-ddTHH:mm:ssZ", CultureInfo.InvariantCulture);
        metadata["resourceVersion"] = (++version).ToString(CultureInfo.InvariantCulture);
        objects[path] = value;
        Controller?.Invoke(path, value);
        return value;
    }

    private async Task HandleAsync(HttpContext context)
    {
        var path = context.Request.Path.Value!;
        var method = context.Request.Method;
        if (method != "GET")
        {
            Changes.Enqueue($"{method} {path}");
        }

        context.Response.ContentType = "application/json";
        if (Refuse?.Invoke(method, path) is { } refused)
        {
            await AnswerAsync(context, refused, Status(refused, "refused by the test"));
            return;
        }

        if (path is "/api" or "/apis")
        {
            await AnswerAsync(context, 200, Discovery(path == "/api"));
            return;
        }

        using var reader = new StreamReader(context.Request.Body);
        var body = await reader.ReadToEndAsync(context.RequestAborted);
        if (path.EndsWith("/log", StringComparison.Ordinal))
        {
            await context.Response.WriteAsync(Logs.GetValueOrDefault(path.Split('/')[^2], ""), context.RequestAborted);
            return;
        }

        if (context.Request.Query.ContainsKey("watch"))
        {
            await WatchAsync(context, path);
            return;
        }

        int code;
        string answer;
        lock (gate)
        {
            (code, answer) = method switch
            {
                "GET" => objects.TryGetValue(path, out var found) ? (200, found.ToJsonString()) : IsList(path) ? (200, List(path, context)) : (404, Status(404, "not found")),
                "POST" => Create(path, Parse(body)),
                "PATCH" => Patch(path, Parse(body), context.Request.ContentType ?? "", context),
                "DELETE" => Delete(path, body),
                _ => (405, Status(405, method)),
            };
        }

        await AnswerAsync(context, code, answer);
    }

    private (int, string) Create(string folder, JsonObject value)
    {
        var path = $"{folder}/{(string)value["metadata"]!["name"]!}";
        if (objects.ContainsKey(path))
        {
            return (409, Status(409, "AlreadyExists"));
        }

        // The namespace is in the path, as the API server takes it.
        var parts = folder.Split('/');
        if (Array.IndexOf(parts, "namespaces") is var at and > 0 && at < parts.Length - 2)
        {
            value["metadata"]!["namespace"] = parts[at + 1];
            if (!objects.ContainsKey($"/api/v1/namespaces/{parts[at + 1]}"))
            {
                return (404, Status(404, $"namespaces {parts[at + 1]} not found"));
            }
        }

        return (201, Store(path, value).ToJsonString());
    }

    private (int, string) Patch(string path, JsonObject change, string type, HttpContext context)
    {
        var has = objects.TryGetValue(path, out var now);
        if (type.Contains("apply", StringComparison.Ordinal))
        {
            var dry = context.Request.Query["dryRun"] == "All";
            var next = has ? (JsonObject)now!.DeepClone() : [];
            Merge(next, change);
            return (200, (dry ? next : has ? Store(path, next) : Store(path, Named(path, next))).ToJsonString());
        }

        if (!has)
        {
            return (404, Status(404, "not found"));
        }

        if (change["metadata"]?["resourceVersion"] is { } wanted && (string?)wanted != (string?)now!["metadata"]!["resourceVersion"])
        {
            return (409, Status(409, "the object has been modified"));
        }

        Merge(now!, change);
        return (200, Store(path, now!).ToJsonString());
    }

    private (int, string) Delete(string path, string body)
    {
        if (!objects.TryGetValue(path, out var found))
        {
            return (404, Status(404, "not found"));
        }

        if (body.Length > 0 && Parse(body)["preconditions"]?["uid"] is { } uid && (string?)uid != (string?)found["metadata"]!["uid"])
        {
            return (409, Status(409, "another object"));
        }

        // A namespace takes all with it.
        foreach (var gone in objects.Keys.Where(k => k == path || (path.StartsWith("/api/v1/namespaces/", StringComparison.Ordinal) && path.Count(c => c == '/') == 4
            && k.Contains($"/namespaces/{path.Split('/')[^1]}/", StringComparison.Ordinal))).ToList())
        {
            objects.Remove(gone);
        }

        return (200, Status(200, "deleted"));
    }

    private static JsonObject Named(string path, JsonObject value)
    {
        var metadata = value["metadata"] as JsonObject ?? [];
        metadata["name"] ??= path.Split('/')[^1];
        value["metadata"] = metadata;
        return value;
    }

    private static void Merge(JsonObject target, JsonObject change)
    {
        foreach (var (key, value) in change)
        {
            if (value is null)
            {
                target.Remove(key);
            }
            else if (value is JsonObject inner && target[key] is JsonObject there)
            {
                Merge(there, inner);
            }
            else
            {
                target[key] = value.DeepClone();
            }
        }
    }

    private static JsonObject Parse(string body) =>
        body.TrimStart().StartsWith('{') ? JsonNode.Parse(body)!.AsObject() : KubectlMlopsBackup.Manifests.YamlTree.Parse(body);

    private static bool IsList(string path)
    {
        var parts = path.Split('/', StringSplitOptions.RemoveEmptyEntries);
        var rest = parts[0] == "api" ? parts[2..] : parts[3..];
        return rest.Length is 1 || (rest.Length == 3 && rest[0] == "namespaces");
    }

    /// <summary>The kinds that the tests have to do with.</summary>
    private static string Discovery(bool core)
    {
        ApiResource[] kinds =
        [
            ApiResource.Namespaces, ApiResource.Pods, ApiResource.ConfigMaps, ApiResource.Secrets, ApiResource.Services, ApiResource.ServiceAccounts, ApiResource.Claims,
            ApiResource.Deployments, ApiResource.StatefulSets, ApiResource.Jobs, ApiResource.CronJobs, ApiResource.NetworkPolicies,
        ];
        return new JsonObject
        {
            ["kind"] = "APIGroupDiscoveryList",
            ["items"] = new JsonArray([.. kinds.Where(k => core == (k.Group.Length == 0)).GroupBy(k => k.Group).Select(g => new JsonObject
            {
                ["metadata"] = new JsonObject { ["name"] = g.Key },
                ["versions"] = new JsonArray(new JsonObject
                {
                    ["version"] = "v1",
                    ["resources"] = new JsonArray([.. g.Select(k => new JsonObject
                    {
                        ["resource"] = k.Plural,
                        ["responseKind"] = new JsonObject { ["kind"] = k.Kind },
                        ["scope"] = k.Namespaced ? "Namespaced" : "Cluster",
                        ["verbs"] = new JsonArray("get", "list", "create", "update", "patch", "delete", "watch"),
                    })]),
                }),
            })]),
        }.ToJsonString();
    }

    private List<JsonObject> Selected(string path, HttpContext context)
    {
        var labels = ((string?)context.Request.Query["labelSelector"] ?? "").Split(',', StringSplitOptions.RemoveEmptyEntries);
        var field = (string?)context.Request.Query["fieldSelector"];
        return [.. objects.Where(o => o.Key.StartsWith($"{path}/", StringComparison.Ordinal) && !o.Key[(path.Length + 1)..].Contains('/', StringComparison.Ordinal))
            .Select(o => o.Value)
            .Where(o => field is null || !field.StartsWith("metadata.name=", StringComparison.Ordinal) || (string?)o["metadata"]!["name"] == field["metadata.name=".Length..])
            .Where(o => labels.All(l => l.Split('=') is [var key, var value]
                ? (string?)o["metadata"]!["labels"]?[key] == value
                : o["metadata"]!["labels"]?[l] is not null))];
    }

    private string List(string path, HttpContext context) => new JsonObject
    {
        ["kind"] = "List",
        ["metadata"] = new JsonObject { ["resourceVersion"] = version.ToString(CultureInfo.InvariantCulture) },
        ["items"] = new JsonArray([.. Selected(path, context).Select(o => o.DeepClone())]),
    }.ToJsonString();

    /// <summary>All that there is, told as changed, and then the connection ends: whoever watches comes again.</summary>
    private async Task WatchAsync(HttpContext context, string path)
    {
        await Task.Delay(20, context.RequestAborted);
        List<string> lines;
        lock (gate)
        {
            lines = [.. Selected(path, context).Select(o => new JsonObject { ["type"] = "MODIFIED", ["object"] = o.DeepClone() }.ToJsonString())];
        }

        foreach (var line in lines)
        {
            await context.Response.WriteAsync($"{line}\n", context.RequestAborted);
        }
    }

    private static string Status(int code, string message) => new JsonObject
    {
        ["kind"] = "Status",
        ["status"] = code < 400 ? "Success" : "Failure",
        ["message"] = message,
        ["reason"] = code switch { 404 => "NotFound", 409 => message == "AlreadyExists" ? message : "Conflict", 403 => "Forbidden", _ => "Unknown" },
        ["code"] = code,
    }.ToJsonString();

    private static async Task AnswerAsync(HttpContext context, int code, string body)
    {
        context.Response.StatusCode = code;
        await context.Response.WriteAsync(body, context.RequestAborted);
    }
}
