using System.Text.Json;
using System.Text.Json.Nodes;
using KubectlMlopsBackup.Cluster.Models;
using KubectlMlopsBackup.Output;

namespace KubectlMlopsBackup.InCluster.Installing;

/// <summary>An object as the cluster has it.</summary>
internal static class LiveObject
{
    /// <summary>What the API server keeps for itself: it changes without anyone's doing.</summary>
    private static readonly string[] Bookkeeping = ["managedFields", "resourceVersion", "uid", "creationTimestamp", "generation", "selfLink"];

    public static Metadata Metadata(JsonObject live) => live.Deserialize(ClusterJson.Default.ObjectView)!.Metadata;

    /// <summary>As YAML, to be compared: without status and bookkeeping, fields in the order of their names.</summary>
    public static string Comparable(JsonObject? live)
    {
        if (live is null)
        {
            return "";
        }

        var copy = (JsonObject)Sorted(live)!;
        copy.Remove("status");
        foreach (var field in Bookkeeping)
        {
            copy["metadata"]!.AsObject().Remove(field);
        }

        using var text = new StringWriter { NewLine = "\n" };
        using var document = JsonDocument.Parse(copy.ToJsonString());
        YamlPrinter.Write(text, document.RootElement);
        return text.ToString();
    }

    private static JsonNode? Sorted(JsonNode? node) => node switch
    {
        JsonObject map => new JsonObject(map.OrderBy(f => f.Key, StringComparer.Ordinal).Select(f => KeyValuePair.Create(f.Key, Sorted(f.Value)))),
        JsonArray list => new JsonArray([.. list.Select(Sorted)]),
        _ => node?.DeepClone(),
    };
}
