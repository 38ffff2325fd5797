using System.Text.Json;
using System.Text.Json.Nodes;

namespace KubectlMlopsBackup.Diagnostics.Outside;

/// <summary>
/// Compares an object of the cluster with the one that the plan needs. Only what the plan says is looked at: what the API
/// server or an admission webhook adds is not drift.
/// </summary>
internal static class ObjectDrift
{
    /// <summary>Fields by which the items of a list are told apart, as server-side apply does.</summary>
    private static readonly string[] Keys = ["name", "mountPath", "key", "containerPort"];

    /// <summary>What the API server leaves out of what it gives: the same as when nothing was said.</summary>
    private static readonly string[] Unsaid = ["", "false", "0"];

    /// <returns>Paths such as <c>spec.schedule</c>, each with what the plan has and what the cluster has.</returns>
    public static IReadOnlyList<Difference> Of(JsonObject wanted, JsonObject live)
    {
        var found = new List<Difference>();
        Compare("", wanted, live, found);
        return found;
    }

    private static void Compare(string path, JsonNode? wanted, JsonNode? live, List<Difference> found)
    {
        switch (wanted)
        {
            case JsonObject map:
                foreach (var (key, value) in map)
                {
                    Compare(path.Length == 0 ? key : $"{path}.{key}", value, (live as JsonObject)?[key], found);
                }

                break;
            case JsonArray list when list.Any(i => i is JsonObject):
                Items(path, list, live as JsonArray ?? [], found);
                break;
            case JsonArray list:
                if (live is not JsonArray other || list.Count != other.Count || !list.Zip(other).All(p => Same(p.First, p.Second)))
                {
                    found.Add(new Difference(path, Text(list), Text(live)));
                }

                break;
            default:
                if (!Same(wanted, live))
                {
                    found.Add(new Difference(path, Text(wanted), Text(live)));
                }

                break;
        }
    }

    private static void Items(string path, JsonArray wanted, JsonArray live, List<Difference> found)
    {
        for (var i = 0; i < wanted.Count; i++)
        {
            var item = wanted[i] as JsonObject;
            var key = Array.Find(Keys, k => item?[k] is not null);
            var match = key is null
                ? i < live.Count ? live[i] : null
                : live.FirstOrDefault(l => l is JsonObject other && Same(item![key], other[key]));
            Compare(key is null ? $"{path}[{i}]" : $"{path}[{Text(item![key])}]", wanted[i], match, found);
        }
    }

    private static bool Same(JsonNode? wanted, JsonNode? live)
    {
        if (wanted is null || live is null)
        {
            return (wanted is null || Unsaid.Contains(Text(wanted))) && (live is null || Unsaid.Contains(Text(live)));
        }

        var (a, b) = (Text(wanted), Text(live));
        return a == b || (Quantity.TryParse(a, out var x) && Quantity.TryParse(b, out var y) && x == y);
    }

    private static string Text(JsonNode? node) => node switch
    {
        null => "nothing",
        JsonValue value when value.GetValueKind() == JsonValueKind.String => value.GetValue<string>(),
        _ => node.ToJsonString(),
    };

    internal sealed record Difference(string Path, string Wanted, string Live);
}
