using System.Text.Json.Nodes;
using KubectlMlopsBackup.Output;

namespace KubectlMlopsBackup.Sources.ClusterConfig.Diff;

/// <summary>Compares objects line by line; of a Secret it shows which values differ, never what they are, as kubectl does.</summary>
internal static class SecretMask
{
    private const string Hidden = "***";

    /// <returns>Empty where nothing differs.</returns>
    public static IReadOnlyList<string> Diff(ObjectKey key, JsonObject? before, JsonObject? after)
    {
        if (key is { Group: "", Kind: "Secret" })
        {
            (before, after) = (Masked(before, after, "before"), Masked(after, before, "after"));
        }

        return LineDiff.Of(before is null ? "" : ObjectYaml.Text(before), after is null ? "" : ObjectYaml.Text(after));
    }

    private static JsonObject? Masked(JsonObject? secret, JsonObject? other, string which)
    {
        if (secret is null)
        {
            return null;
        }

        var copy = secret.DeepClone().AsObject();
        foreach (var section in (string[])["data", "stringData"])
        {
            if (copy[section] is not JsonObject values)
            {
                continue;
            }

            foreach (var (name, value) in secret.Map(section)!)
            {
                values[name] = other.At(section, name) is { } there && !JsonNode.DeepEquals(there, value) ? $"{Hidden} ({which})" : Hidden;
            }
        }

        return copy;
    }
}
