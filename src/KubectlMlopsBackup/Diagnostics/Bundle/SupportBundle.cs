using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using KubectlMlopsBackup.Cluster.Api;
using KubectlMlopsBackup.Cluster.Jobs;

namespace KubectlMlopsBackup.Diagnostics.Bundle;

/// <summary>What a ticket needs: the report, the namespace's objects, events and the Jobs' logs, with all secrets taken out.</summary>
internal static class SupportBundle
{
    private const int LogLines = 2_000;

    /// <summary>Pods whose logs are taken, newest first.</summary>
    private const int MostLogs = 20;

    /// <summary>Characters. What is longer, or has digits, is no mere name.</summary>
    private const int LongestName = 16;

    private static readonly JsonWriterOptions Indented = new() { Indented = true, Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>Of the whole namespace: what does not work is often not the tool's own.</summary>
    private static readonly ApiResource[] Kinds =
    [
        ApiResource.ConfigMaps, ApiResource.CronJobs, ApiResource.Jobs, ApiResource.Pods, ApiResource.Deployments, ApiResource.StatefulSets, ApiResource.Services,
        ApiResource.Claims, ApiResource.ServiceAccounts, ApiResource.NetworkPolicies, ApiResource.Events,
        new("", "v1", "resourcequotas", "ResourceQuota"), new("", "v1", "limitranges", "LimitRange"),
    ];

    /// <returns>How many files are in it.</returns>
    /// <exception cref="UserError">The file cannot be made.</exception>
    public static async Task<int> WriteAsync(string path, DoctorReport report, ClusterApi api, CancellationToken cancellationToken)
    {
        var left = new StringBuilder();
        var secrets = await ListAsync(api, ApiResource.Secrets, left, cancellationToken);
        var text = new Redactor(secrets.SelectMany(Values));
        var objects = new ObjectRedactor(text);
        var file = BundleFile.Create(path, report.Time);
        try
        {
            await file.AddAsync("report.json", Report(report, text), cancellationToken);
            await ObjectsAsync(file, ApiResource.Secrets, secrets, objects, cancellationToken);
            foreach (var kind in Kinds)
            {
                var all = await ListAsync(api, kind, left, cancellationToken);
                // Of others' configuration only the plan is of interest, and it may hold anything.
                var wanted = kind == ApiResource.ConfigMaps ? all.Where(o => Name(o) == Manifests.ManifestRenderer.PlanConfigMap) : all;
                await ObjectsAsync(file, kind, [.. wanted], objects, cancellationToken);
                if (kind == ApiResource.Pods)
                {
                    await LogsAsync(file, api, all, text, cancellationToken);
                }
            }

            if (left.Length > 0)
            {
                await file.AddAsync("left-out.txt", text.Text(left.ToString()), cancellationToken);
            }
        }
        catch
        {
            await file.DisposeAsync();
            file.Drop();
            throw;
        }

        await file.DisposeAsync();
        return file.Count;
    }

    /// <summary>Without a cluster: the report and the plan.</summary>
    /// <param name="plan">Its text.</param>
    public static async Task<int> WriteLocalAsync(string path, DoctorReport report, string plan, CancellationToken cancellationToken)
    {
        var text = new Redactor([]);
        await using var file = BundleFile.Create(path, report.Time);
        await file.AddAsync("report.json", Report(report, text), cancellationToken);
        await file.AddAsync("plan.yaml", text.Text(plan), cancellationToken);
        return file.Count;
    }

    private static string Report(DoctorReport report, Redactor text)
    {
        var plain = report with
        {
            Findings = [.. report.Findings.Select(f => f with { Evidence = text.Text(f.Evidence), Fix = f.Fix is { } fix ? text.Text(fix) : null })],
        };
        return Json(JsonSerializer.SerializeToNode(plain, DoctorJson.Default.DoctorReport)!);
    }

    private static async Task ObjectsAsync(
        BundleFile file, ApiResource kind, IReadOnlyList<JsonObject> all, ObjectRedactor objects, CancellationToken cancellationToken)
    {
        if (all.Count == 0)
        {
            return;
        }

        var list = new JsonArray();
        foreach (var one in all)
        {
            // Lists do not say the kind of their items.
            var whole = new JsonObject { ["apiVersion"] = kind.ApiVersion, ["kind"] = kind.Kind };
            foreach (var (key, value) in one.Where(f => f.Key is not ("apiVersion" or "kind")))
            {
                whole[key] = value?.DeepClone();
            }

            list.Add((JsonNode)objects.Object(whole));
        }

        await file.AddAsync($"objects/{kind}.json", Json(list), cancellationToken);
    }

    private static async Task LogsAsync(
        BundleFile file, ClusterApi api, IReadOnlyList<JsonObject> pods, Redactor text, CancellationToken cancellationToken)
    {
        var ours = pods.Where(p => p["metadata"]?["labels"]?["app.kubernetes.io/name"]?.GetValue<string>() == "mlopsbackup")
            .OrderByDescending(p => p["metadata"]!["creationTimestamp"]?.GetValue<string>(), StringComparer.Ordinal)
            .Take(MostLogs);
        foreach (var pod in ours)
        {
            var log = new StringBuilder();
            try
            {
                await foreach (var line in api.LogAsync(api.Namespace, Name(pod), AgentLog.Container, false, null, LogLines, cancellationToken))
                {
                    log.Append(line).Append('\n');
                }
            }
            catch (ClusterException e)
            {
                log.Append($"the log could not be read: {e.Message}\n");
            }

            await file.AddAsync($"logs/{Name(pod)}.log", text.Text(log.ToString()), cancellationToken);
        }
    }

    /// <summary>What may not be read is left out, and the bundle says so.</summary>
    private static async Task<IReadOnlyList<JsonObject>> ListAsync(ClusterApi api, ApiResource kind, StringBuilder left, CancellationToken cancellationToken)
    {
        try
        {
            return await api.ListWholeAsync(kind, api.Namespace, null, cancellationToken);
        }
        catch (ClusterException e)
        {
            left.Append($"{kind}: {e.Message}\n");
            return [];
        }
    }

    /// <summary>As they are, and as they look in a Secret. Names of users and databases stand in Secrets too, and a ticket is about these.</summary>
    private static IEnumerable<string> Values(JsonObject secret)
    {
        foreach (var (key, node) in secret["data"] as JsonObject ?? [])
        {
            if (node is not JsonValue value || value.GetValueKind() != JsonValueKind.String)
            {
                continue;
            }

            var base64 = value.GetValue<string>();
            var bytes = new byte[base64.Length];
            var text = Convert.TryFromBase64String(base64, bytes, out var count) ? Encoding.UTF8.GetString(bytes, 0, count) : null;
            if (Redactor.IsSecretName(key) || text is null || !IsName(text))
            {
                yield return base64;
                yield return text ?? "";
            }
        }
    }

    private static bool IsName(string text) => text.Length < LongestName && text.All(c => char.IsAsciiLetterLower(c) || c is '-' or '_' or '.');

    private static string Json(JsonNode node)
    {
        using var bytes = new MemoryStream();
        using (var writer = new Utf8JsonWriter(bytes, Indented))
        {
            node.WriteTo(writer);
        }

        return $"{Encoding.UTF8.GetString(bytes.ToArray())}\n";
    }

    private static string Name(JsonObject one) => one["metadata"]!["name"]!.GetValue<string>();
}
