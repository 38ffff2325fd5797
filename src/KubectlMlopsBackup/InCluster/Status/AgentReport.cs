using System.Text.Json;
using KubectlMlopsBackup.Local;
using KubectlMlopsBackup.Repository.State;

namespace KubectlMlopsBackup.InCluster.Status;

/// <summary>Reads what an agent left in its termination message. It may have been cut, or be of another version: what is not understood is left out.</summary>
internal static class AgentReport
{
    public static IEnumerable<RepositoryState> States(JsonElement result)
    {
        foreach (var part in Parts(result))
        {
            if (!part.TryGetProperty("state", out var state))
            {
                continue;
            }

            foreach (var one in state.ValueKind == JsonValueKind.Array ? state.EnumerateArray().ToArray() : [state])
            {
                if (Read(one) is { } read)
                {
                    yield return read;
                }
            }
        }
    }

    /// <summary>What went wrong, in one line; null where nothing did, or it does not say.</summary>
    public static string? Cause(JsonElement result)
    {
        var causes = new List<string>();
        foreach (var part in Parts(result))
        {
            causes.AddRange(Items(part, "components").Select(Component).OfType<string>());
            causes.AddRange(Items(part, "mirrors").Where(m => Text(m, "error") is not null)
                .Select(m => $"not mirrored to {Text(m, "repository")}: {Text(m, "error")}"));
            causes.AddRange(Items(part, "prunes").Where(p => Text(p, "error") is not null)
                .Select(p => $"not pruned: {Text(p, "repository")}: {Text(p, "error")}"));
            if (Text(part, "cause") is { } cause)
            {
                causes.Add(cause);
            }

            if (Damages(part) is { } damages)
            {
                causes.Add(damages);
            }
        }

        return causes.Count == 0 ? null : string.Join("; ", causes);
    }

    /// <summary>Whether the run pruned, and all of it went well.</summary>
    public static bool HasPruned(JsonElement result) =>
        Parts(result).Any(p => Items(p, "prunes") is { Count: > 0 } prunes && prunes.All(o => IsObject(o) && Text(o, "error") is null));

    /// <summary>A backup's result is one, a verify's has one a repository.</summary>
    private static IEnumerable<JsonElement> Parts(JsonElement result) =>
        result.ValueKind == JsonValueKind.Array ? result.EnumerateArray().Where(IsObject)
        : !IsObject(result) ? []
        : result.TryGetProperty("result", out var parts) && parts.ValueKind == JsonValueKind.Array ? parts.EnumerateArray().Where(IsObject)
        : [result];

    private static string? Component(JsonElement component)
    {
        var name = Text(component, "component");
        if (Text(component, "error") is { } error)
        {
            return error;
        }

        if (Items(component, "damage").Count > 0)
        {
            return $"{name}: damage to the repository was seen";
        }

        if (Number(component, "problemCount") is not (> 0 and var count))
        {
            return null;
        }

        var first = Items(component, "problems").FirstOrDefault();
        return $"{name}: {count} left out{(IsObject(first) ? $", such as {Text(first, "path")} {Text(first, "reason")}" : "")}";
    }

    private static string? Damages(JsonElement report)
    {
        if (!report.TryGetProperty("good", out var good) || good.ValueKind != JsonValueKind.False)
        {
            return null;
        }

        var first = Items(report, "damages").FirstOrDefault();
        return $"{Text(report, "repository")}: {Items(report, "hurtSnapshots").Count} snapshot(s) hurt"
            + (IsObject(first) ? $", such as by {Text(first, "key")}: {Text(first, "what")}" : "");
    }

    private static RepositoryState? Read(JsonElement state)
    {
        try
        {
            return state.Deserialize(LocalJson.Default.RepositoryState);
        }
        catch (JsonException)
        {
            return null;
        }
    }

    private static bool IsObject(JsonElement element) => element.ValueKind == JsonValueKind.Object;

    private static List<JsonElement> Items(JsonElement parent, string name) =>
        parent.TryGetProperty(name, out var list) && list.ValueKind == JsonValueKind.Array ? [.. list.EnumerateArray().Where(i => IsObject(i) || i.ValueKind == JsonValueKind.String)] : [];

    private static string? Text(JsonElement parent, string name) =>
        IsObject(parent) && parent.TryGetProperty(name, out var text) && text.ValueKind == JsonValueKind.String ? text.GetString() : null;

    private static long? Number(JsonElement parent, string name) =>
        parent.TryGetProperty(name, out var number) && number.ValueKind == JsonValueKind.Number && number.TryGetInt64(out var value) ? value : null;
}
