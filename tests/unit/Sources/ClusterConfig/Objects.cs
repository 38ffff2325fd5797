using System.Text.Json.Nodes;
using KubectlMlopsBackup.Sources.ClusterConfig;

namespace KubectlMlopsBackup.UnitTests.Sources.ClusterConfig;

/// <summary>Objects as tests write them.</summary>
internal static class Objects
{
    public static JsonObject Json(string json) => JsonNode.Parse(json)!.AsObject();

    public static ConfigObject Of(string json) => ConfigObject.Of(Json(json));

    public static ConfigObject Named(string apiVersion, string kind, string? ns, string name, string? spec = null)
    {
        var metadata = new JsonObject { ["name"] = name };
        if (ns is not null)
        {
            metadata["namespace"] = ns;
        }

        var body = new JsonObject { ["apiVersion"] = apiVersion, ["kind"] = kind, ["metadata"] = metadata };
        if (spec is not null)
        {
            body["spec"] = Json(spec);
        }

        return ConfigObject.Of(body);
    }

    /// <summary>What is left of an object once it is cleaned.</summary>
    public static JsonObject Cleaned(string json)
    {
        var live = Json(json);
        return ObjectCleaner.Clean(ConfigObject.Of(live).Key, live);
    }

    public static void Same(string expected, JsonNode? actual) =>
        Assert.True(JsonNode.DeepEquals(JsonNode.Parse(expected), actual), $"expected {JsonNode.Parse(expected)!.ToJsonString()}, got {actual?.ToJsonString()}");
}
