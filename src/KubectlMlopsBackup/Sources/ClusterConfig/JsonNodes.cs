using System.Text.Json;
using System.Text.Json.Nodes;

namespace KubectlMlopsBackup.Sources.ClusterConfig;

/// <summary>Looks into objects whose shape nobody vouches for: what is not there, or is something else, is null.</summary>
internal static class JsonNodes
{
    /// <summary>The node at a path of names.</summary>
    public static JsonNode? At(this JsonNode? node, params ReadOnlySpan<string> path)
    {
        foreach (var name in path)
        {
            if (node is not JsonObject map || !map.TryGetPropertyValue(name, out node))
            {
                return null;
            }
        }

        return node;
    }

    public static string? Text(this JsonNode? node) =>
        node is JsonValue value && value.GetValueKind() == JsonValueKind.String ? value.GetValue<string>() : null;

    public static string? Text(this JsonNode? node, string name) => node.At(name).Text();

    /// <summary>A whole number, read or made here.</summary>
    public static long? Number(this JsonNode? node) =>
        node is not JsonValue value || value.GetValueKind() != JsonValueKind.Number ? null
        : value.TryGetValue<long>(out var number) ? number
        : value.TryGetValue<int>(out var small) ? small
        : null;

    public static bool IsTrue(this JsonNode? node) => node is JsonValue value && value.GetValueKind() == JsonValueKind.True;

    public static JsonObject? Map(this JsonNode? node, params ReadOnlySpan<string> path) => node.At(path) as JsonObject;

    /// <summary>The maps in a list; none where it is no list.</summary>
    public static IEnumerable<JsonObject> Maps(this JsonNode? node) => node is JsonArray list ? list.OfType<JsonObject>() : [];

    /// <summary>The texts in a list; none where it is no list.</summary>
    public static IEnumerable<string> Texts(this JsonNode? node) => node is JsonArray list ? list.Select(Text).OfType<string>() : [];

    /// <summary>The map of that name, made where it is not there.</summary>
    public static JsonObject Made(this JsonObject map, string name)
    {
        if (map[name] is JsonObject there)
        {
            return there;
        }

        var made = new JsonObject();
        map[name] = made;
        return made;
    }

    /// <summary>Takes a field away, and the map around it where nothing is left in that.</summary>
    public static void Drop(this JsonObject map, string section, string name)
    {
        if (map[section] is JsonObject inner)
        {
            inner.Remove(name);
            map.DropEmpty(section);
        }
    }

    /// <summary>Takes a map or list away that holds nothing.</summary>
    public static void DropEmpty(this JsonObject map, string name)
    {
        if (map[name] is JsonObject { Count: 0 } or JsonArray { Count: 0 })
        {
            map.Remove(name);
        }
    }
}
