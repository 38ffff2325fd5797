using System.Text.Json.Nodes;

namespace KubectlMlopsBackup.Sources.ClusterConfig;

/// <summary>Of a Service, tells what its author chose from what the cluster allocated.</summary>
internal static class ServiceCleaner
{
    /// <param name="spec">Is changed.</param>
    /// <param name="managed">The object's <c>managedFields</c>; null where they are not known.</param>
    public static void Clean(JsonObject spec, JsonNode? managed)
    {
        // "None" is a choice, an address is not.
        if (spec.Text("clusterIP") != "None")
        {
            spec.Remove("clusterIP");
        }

        spec.Remove("clusterIPs");
        spec.Remove("healthCheckNodePort");
        if (spec.Text("ipFamilyPolicy") == "SingleStack")
        {
            // The cluster's own default; another may be of the other family.
            spec.Remove("ipFamilyPolicy");
            spec.Remove("ipFamilies");
        }

        foreach (var port in spec.At("ports").Maps())
        {
            if (!IsChosen(port, managed))
            {
                port.Remove("nodePort");
            }
        }
    }

    /// <summary>
    /// A node port that somebody asked for is an address that clients outside know; one that was allocated is not. Who wrote the field shows it:
    /// an allocated one has no writer.
    /// </summary>
    private static bool IsChosen(JsonObject port, JsonNode? managed) => managed.Maps()
        .Select(m => m.Map("fieldsV1", "f:spec", "f:ports"))
        .OfType<JsonObject>()
        .SelectMany(ports => ports)
        .Any(entry => IsOf(entry.Key, port) && entry.Value.At("f:nodePort") is not null);

    /// <summary>An entry is named by the list's keys: <c>k:{"port":80,"protocol":"TCP"}</c>.</summary>
    private static bool IsOf(string entry, JsonObject port)
    {
        if (!entry.StartsWith("k:", StringComparison.Ordinal))
        {
            return false;
        }

        try
        {
            var key = JsonNode.Parse(entry[2..]);
            return key.At("port").Number() == port.At("port").Number() && (key.Text("protocol") ?? "TCP") == (port.Text("protocol") ?? "TCP");
        }
        catch (System.Text.Json.JsonException)
        {
            return false;
        }
    }
}
