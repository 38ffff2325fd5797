using System.Net;
using System.Net.Http.Headers;
using System.Runtime.CompilerServices;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization.Metadata;
using KubectlMlopsBackup.Cluster.Access;
using KubectlMlopsBackup.Cluster.Models;

namespace KubectlMlopsBackup.Cluster.Api;

/// <summary>
/// The Kubernetes API, as far as the tool speaks it. What is read is read into records that hold the few fields in use,
/// so newer clusters' fields do not matter; what is written is YAML or JSON that is passed on as it is.
/// Requests that change nothing, or the same when sent twice, are sent again while the server is away for a moment.
/// </summary>
internal sealed class ClusterApi : IDisposable
{
    /// <summary>The field manager of server-side apply.</summary>
    public const string FieldManager = "mlopsbackup";

    /// <summary>Objects in a page of a list: kubectl's own chunk size.</summary>
    private const int PageSize = 500;

    /// <summary>Of a list whose next page the server has forgotten.</summary>
    private const int MostRestarts = 3;

    /// <summary>Bytes of one answer that is held in memory: etcd's largest object is 1.5 MiB, and a page has up to 500 of them in theory.</summary>
    private const long LargestAnswer = 256L << 20;

    private static readonly MediaTypeHeaderValue Json = new("application/json");
    private static readonly MediaTypeHeaderValue Yaml = new("application/yaml");
    private static readonly MediaTypeHeaderValue Apply = new("application/apply-patch+yaml");
    private static readonly MediaTypeHeaderValue Merge = new("application/merge-patch+json");

    /// <summary>The schemas of custom resources are deeper than .NET's usual 64.</summary>
    private static readonly JsonDocumentOptions Deep = new() { MaxDepth = 1_000 };

    private readonly ClusterConnection connection;

    private ClusterApi(ClusterConnection connection) => this.connection = connection;

    /// <summary>Of one answer, where <c>--request-timeout</c> says nothing.</summary>
    public static TimeSpan DefaultTimeout => ClusterConnection.DefaultTimeout;

    /// <summary>That of <c>-n</c>, or of the context.</summary>
    public string Namespace => connection.Access.Namespace;

    /// <summary>Null in a pod.</summary>
    public string? Context => connection.Access.Context;

    public Uri Server => connection.Server;

    public ClusterConnection Connection => connection;

    /// <returns>When the caller's credential ends; null where it says no end, or something renews it.</returns>
    public Task<LoginEnd?> LoginEndAsync(CancellationToken cancellationToken) => connection.LoginEndAsync(cancellationToken);

    /// <exception cref="UserError">No kubeconfig, or one that cannot be used.</exception>
    public static async Task<ClusterApi> ConnectAsync(ClusterOptions options, TimeProvider clock, CancellationToken cancellationToken) =>
        new(await ClusterConnection.OpenAsync(options, clock, cancellationToken));

    /// <returns>Null where it is not there.</returns>
    /// <exception cref="ClusterException">Refused, or no answer.</exception>
    public async Task<T?> FindAsync<T>(ApiResource resource, string? ns, string name, JsonTypeInfo<T> type, CancellationToken cancellationToken)
        where T : class
    {
        try
        {
            return await GetAsync(resource, ns, name, type, cancellationToken);
        }
        catch (ClusterException e) when (e.IsNotFound)
        {
            return null;
        }
    }

    /// <exception cref="ClusterException">Refused, not there, or no answer.</exception>
    public async Task<T> GetAsync<T>(ApiResource resource, string? ns, string name, JsonTypeInfo<T> type, CancellationToken cancellationToken)
    {
        var call = new ApiCall("get", resource, ns, name);
        return Read(call, await connection.SendAsync(call, HttpMethod.Get, null, LargestAnswer, cancellationToken), type);
    }

    /// <summary>The whole object, for those who pass it on.</summary>
    /// <exception cref="ClusterException">Refused, not there, or no answer.</exception>
    public async Task<JsonObject> GetWholeAsync(ApiResource resource, string? ns, string name, CancellationToken cancellationToken)
    {
        var call = new ApiCall("get", resource, ns, name);
        return ReadObject(call, await connection.SendAsync(call, HttpMethod.Get, null, LargestAnswer, cancellationToken));
    }

    /// <summary>Who signs the tokens of the cluster's ServiceAccounts, as the tokens name it.</summary>
    /// <exception cref="ClusterException">Refused, or no answer.</exception>
    public async Task<string> IssuerAsync(CancellationToken cancellationToken)
    {
        var call = new ApiCall("get", ApiResource.ServiceAccounts, null) { Address = ".well-known/openid-configuration" };
        return Read(call, await connection.SendAsync(call, HttpMethod.Get, null, LargestAnswer, cancellationToken), ClusterJson.Default.OpenIdView).Issuer;
    }

    /// <summary>All pages of a list.</summary>
    /// <param name="ns">Null for those of every namespace.</param>
    /// <param name="labels">A label selector; null for all.</param>
    /// <param name="fields">A field selector; null for all.</param>
    public async Task<Listed<T>> ListAsync<T>(
        ApiResource resource, string? ns, string? labels, string? fields, JsonTypeInfo<ListView<T>> type, CancellationToken cancellationToken)
    {
        var items = new List<T>();
        string? next = null, version = null;
        do
        {
            var call = new ApiCall("list", resource, ns, Query: Query(
                ("limit", PageSize.ToString(System.Globalization.CultureInfo.InvariantCulture)),
                ("labelSelector", labels), ("fieldSelector", fields), ("continue", next)));
            var page = Read(call, await connection.SendAsync(call, HttpMethod.Get, null, LargestAnswer, cancellationToken), type);
            items.AddRange(page.Items ?? []);
            next = page.Metadata.Continue;
            version = page.Metadata.ResourceVersion;
        }
        while (!string.IsNullOrEmpty(next));

        return new Listed<T>(items, version);
    }

    /// <summary>All pages of a list, whole, one after the other. Where the server forgets the list in between, it is read anew from its beginning.</summary>
    /// <param name="ns">Null for those of every namespace, or what is in none.</param>
    /// <param name="labels">A label selector; null for all.</param>
    /// <returns>Objects without <c>apiVersion</c> and <c>kind</c>, as lists have them.</returns>
    /// <exception cref="ClusterException">Refused, or no answer.</exception>
    public async Task<IReadOnlyList<JsonObject>> ListWholeAsync(ApiResource resource, string? ns, string? labels, CancellationToken cancellationToken)
    {
        for (var restarts = 0; ; restarts++)
        {
            try
            {
                var items = new List<JsonObject>();
                string? next = null;
                do
                {
                    var call = new ApiCall("list", resource, ns, Query: Query(
                        ("limit", PageSize.ToString(System.Globalization.CultureInfo.InvariantCulture)), ("labelSelector", labels), ("continue", next)));
                    var page = ReadObject(call, await connection.SendAsync(call, HttpMethod.Get, null, LargestAnswer, cancellationToken));
                    if (page["items"] is JsonArray found)
                    {
                        items.AddRange(found.OfType<JsonObject>());
                    }

                    next = (page["metadata"]?["continue"] as JsonValue)?.GetValue<string>();
                }
                while (!string.IsNullOrEmpty(next));

                return items;
            }
            catch (ClusterException e) when (e.IsGone && restarts < MostRestarts)
            {
                // The list was older than what etcd keeps.
            }
        }
    }

    /// <summary>What the API server says of itself.</summary>
    /// <exception cref="ClusterException">Refused, not there, or no answer.</exception>
    public async Task<JsonObject> DiscoverAsync(string path, string? accept, CancellationToken cancellationToken)
    {
        var call = ApiCall.Discovery(path, accept);
        return ReadObject(call, await connection.SendAsync(call, HttpMethod.Get, null, LargestAnswer, cancellationToken));
    }

    /// <summary>One connection's worth of events. It ends when the server closes it, and says so by no error.</summary>
    /// <exception cref="ClusterException">Refused, or <see cref="ClusterException.IsGone"/>: list again.</exception>
    public async IAsyncEnumerable<WatchEvent> WatchAsync(
        ApiResource resource, string ns, string? labels, string? fields, string? version, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var call = new ApiCall("watch", resource, ns, Query: Query(
            ("watch", "1"), ("allowWatchBookmarks", "true"), ("labelSelector", labels), ("fieldSelector", fields), ("resourceVersion", version)));
        using var response = await connection.StreamAsync(call, cancellationToken);
        using var lines = new StreamReader(await response.Content.ReadAsStreamAsync(cancellationToken));
        while (await ClusterConnection.LineAsync(lines, call, connection.Server, cancellationToken) is { } line)
        {
            var change = JsonSerializer.Deserialize(line, ClusterJson.Default.WatchEvent)!;
            if (change.Type == "ERROR")
            {
                var status = change.Object.Deserialize(ClusterJson.Default.StatusView);
                throw ClusterFailures.Of(call, (HttpStatusCode)(status?.Code ?? 500), change.Object.GetRawText());
            }

            yield return change;
        }
    }

    /// <summary>The log of a pod's container, line by line, each with its time before it.</summary>
    /// <param name="since">Only later lines (to the second: some come again); null for all.</param>
    public async IAsyncEnumerable<string> LogAsync(
        string ns, string pod, string container, bool follow, DateTimeOffset? since, int? tail, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var call = new ApiCall("get", ApiResource.Pods, ns, pod, "log", Query(
            ("container", container), ("timestamps", "true"), ("follow", follow ? "true" : null),
            ("sinceTime", since?.UtcDateTime.ToString("yyyy-MM-ddTHH:mm:ssZ", System.Globalization.CultureInfo.InvariantCulture)),
            ("tailLines", tail?.ToString(System.Globalization.CultureInfo.InvariantCulture))));
        using var response = await connection.StreamAsync(call, cancellationToken);
        using var lines = new StreamReader(await response.Content.ReadAsStreamAsync(cancellationToken));
        while (await ClusterConnection.LineAsync(lines, call, connection.Server, cancellationToken) is { } line)
        {
            yield return line;
        }
    }

    /// <summary>Makes an object. Not sent again by itself: the first may have worked.</summary>
    /// <param name="body">YAML or JSON.</param>
    public async Task<JsonObject> CreateAsync(ApiResource resource, string? ns, string body, bool dryRun, CancellationToken cancellationToken)
    {
        var call = new ApiCall("create", resource, ns, Query: Query(("fieldManager", FieldManager), ("dryRun", dryRun ? "All" : null)));
        return ReadObject(call, await connection.SendAsync(call, HttpMethod.Post, Content(body, Yaml), LargestAnswer, cancellationToken));
    }

    /// <summary>Asks the server for its version and, by the way, for the time. Asked once: who diagnoses wants to know at once.</summary>
    /// <exception cref="ClusterException">Refused, or no answer.</exception>
    public async Task<ServerVersion> VersionAsync(CancellationToken cancellationToken)
    {
        var call = ApiCall.Version;
        var before = DateTimeOffset.UtcNow;
        using var response = await connection.StreamAsync(call, cancellationToken);
        var after = DateTimeOffset.UtcNow;
        var text = await response.Content.ReadAsByteArrayAsync(cancellationToken);
        return new ServerVersion(
            Read(call, text, ClusterJson.Default.VersionView).GitVersion, response.Headers.Date, before + ((after - before) / 2));
    }

    /// <summary>Server-side apply.</summary>
    /// <param name="force">Take fields over from other managers.</param>
    /// <param name="strict">Refuse fields that this server does not know; otherwise it leaves them out.</param>
    /// <exception cref="ClusterException"><see cref="ClusterException.IsConflict"/>: another manager has some of the fields.</exception>
    public async Task<JsonObject> ApplyAsync(
        ApiResource resource, string? ns, string name, string yaml, bool force, bool dryRun, CancellationToken cancellationToken, bool strict = true)
    {
        var call = new ApiCall("patch", resource, ns, name, Query: Query(
            ("fieldManager", FieldManager), ("fieldValidation", strict ? "Strict" : "Warn"), ("force", force ? "true" : "false"), ("dryRun", dryRun ? "All" : null)));
        return ReadObject(call, await connection.SendAsync(call, HttpMethod.Patch, Content(yaml, Apply), LargestAnswer, cancellationToken));
    }

    /// <summary>Puts an object in the place of the one of that name.</summary>
    /// <param name="body">Whole; with a <c>resourceVersion</c> only that very state is replaced.</param>
    public async Task<JsonObject> ReplaceAsync(
        ApiResource resource, string? ns, string name, JsonObject body, bool dryRun, CancellationToken cancellationToken)
    {
        var call = new ApiCall("update", resource, ns, name, Query: Query(("fieldManager", FieldManager), ("dryRun", dryRun ? "All" : null)));
        return ReadObject(call, await connection.SendAsync(call, HttpMethod.Put, Content(body.ToJsonString(), Json), LargestAnswer, cancellationToken));
    }

    /// <summary>A JSON merge patch, on the object itself or on a subresource such as <c>scale</c>.</summary>
    public async Task<JsonObject> MergeAsync(
        ApiResource resource, string? ns, string name, string? subresource, JsonObject patch, CancellationToken cancellationToken)
    {
        var call = new ApiCall("patch", resource, ns, name, subresource, Query(("fieldManager", FieldManager)));
        return JsonNode.Parse(await connection.SendAsync(call, HttpMethod.Patch, Content(patch.ToJsonString(), Merge), LargestAnswer, cancellationToken))!.AsObject();
    }

    /// <summary>Deletes an object and, in the background, what belongs to it.</summary>
    /// <param name="uid">Only this very object; null for whatever has the name.</param>
    /// <returns>False where it was not there.</returns>
    public Task<bool> DeleteAsync(ApiResource resource, string? ns, string name, string? uid, bool dryRun, CancellationToken cancellationToken) =>
        DeleteAsync(resource, ns, name, uid, dryRun, null, cancellationToken);

    /// <summary>As above.</summary>
    /// <param name="grace">Seconds for a pod to end by itself; null for what it asks for.</param>
    public async Task<bool> DeleteAsync(
        ApiResource resource, string? ns, string name, string? uid, bool dryRun, int? grace, CancellationToken cancellationToken)
    {
        var options = new JsonObject { ["kind"] = "DeleteOptions", ["apiVersion"] = "v1", ["propagationPolicy"] = "Background" };
        if (uid is not null)
        {
            options["preconditions"] = new JsonObject { ["uid"] = uid };
        }

        if (grace is { } seconds)
        {
            options["gracePeriodSeconds"] = seconds;
        }

        if (dryRun)
        {
            // Not in the query: where there is a body, the API server reads nothing else, and would delete.
            options["dryRun"] = new JsonArray("All");
        }

        var call = new ApiCall("delete", resource, ns, name);
        try
        {
            await connection.SendAsync(call, HttpMethod.Delete, Content(options.ToJsonString(), Json), LargestAnswer, cancellationToken);
            return true;
        }
        catch (ClusterException e) when (e.IsNotFound)
        {
            return false;
        }
    }

    public void Dispose() => connection.Dispose();

    private static JsonObject ReadObject(ApiCall call, byte[] answer)
    {
        try
        {
            return JsonNode.Parse(answer, documentOptions: Deep) as JsonObject ?? throw new JsonException("it is no object");
        }
        catch (JsonException e)
        {
            throw Unreadable(call, e);
        }
    }

    private static T Read<T>(ApiCall call, byte[] answer, JsonTypeInfo<T> type)
    {
        try
        {
            return JsonSerializer.Deserialize(answer, type) ?? throw new JsonException("null");
        }
        catch (JsonException e)
        {
            throw Unreadable(call, e);
        }
    }

    private static ClusterException Unreadable(ApiCall call, JsonException e) => new(
        $"the answer to {call.Verb} {call} cannot be read: {e.Message}", "is a proxy between you and the cluster?", null, null, e);

    private static Func<HttpContent> Content(string body, MediaTypeHeaderValue type) => () => new ByteArrayContent(Encoding.UTF8.GetBytes(body))
    {
        Headers = { ContentType = type },
    };

    private static string? Query(params ReadOnlySpan<(string Key, string? Value)> parts)
    {
        var query = new StringBuilder();
        foreach (var (key, value) in parts)
        {
            if (!string.IsNullOrEmpty(value))
            {
                query.Append(query.Length == 0 ? "" : "&").Append(key).Append('=').Append(Uri.EscapeDataString(value));
            }
        }

        return query.Length == 0 ? null : query.ToString();
    }
}
