using System.Text.Json.Nodes;

namespace KubectlMlopsBackup.Sources.ClusterConfig;

/// <summary>A Secret without its values.</summary>
internal static class SecretNames
{
    /// <summary>Leaves the names of the keys, as an annotation.</summary>
    public static void Strip(JsonObject secret)
    {
        var keys = (secret.Map("data")?.Select(f => f.Key) ?? []).Concat(secret.Map("stringData")?.Select(f => f.Key) ?? []);
        var names = string.Join(',', keys.Distinct().Order(StringComparer.Ordinal));
        secret.Remove("data");
        secret.Remove("stringData");
        secret.Made("metadata").Made("annotations")[ConfigObject.KeysOnly] = names;
    }
}
