using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace KubectlMlopsBackup.Diagnostics.Bundle;

/// <summary>Takes secrets out of Kubernetes objects, by where they stand: Secrets' data, variables, arguments; and out of all of their text.</summary>
internal sealed class ObjectRedactor(Redactor text)
{
    /// <summary>Names of Secrets and of keys in them: what a ticket is about.</summary>
    private static readonly string[] References =
        ["secretName", "secretRef", "secretKeyRef", "tokenExpirationSeconds", "imagePullSecrets", "secretsTruncated", "token-id"];

    /// <summary>A copy.</summary>
    public JsonObject Object(JsonObject live)
    {
        var copy = live.DeepClone().AsObject();
        if (copy["metadata"] is JsonObject metadata)
        {
            metadata.Remove("managedFields");
            // It repeats the whole object, and of a Secret its values.
            (metadata["annotations"] as JsonObject)?.Remove("kubectl.kubernetes.io/last-applied-configuration");
        }

        var values = new JsonObject();
        foreach (var field in copy["kind"]?.GetValue<string>() == "Secret" ? new[] { "data", "stringData" } : [])
        {
            if (copy[field] is JsonObject data)
            {
                values[field] = new JsonObject(data.Select(d => KeyValuePair.Create<string, JsonNode?>(d.Key, $"{Redactor.Mark}, {Length(d.Value, field)} bytes")));
                copy.Remove(field);
            }
        }

        var plain = Walk(copy, secret: false)!.AsObject();
        foreach (var (field, lengths) in values)
        {
            plain[field] = lengths!.DeepClone();
        }

        return plain;
    }

    private JsonNode? Walk(JsonNode? node, bool secret)
    {
        switch (node)
        {
            case JsonObject map:
                // A variable: its name says what its value is.
                var isSecret = map["name"] is JsonValue name && map["value"] is JsonValue && name.GetValueKind() == JsonValueKind.String && Redactor.IsSecretName(name.GetValue<string>());
                return new JsonObject(map.Select(f => KeyValuePair.Create(
                    f.Key, Walk(f.Value, (isSecret && f.Key == "value") || (f.Value is JsonValue && Redactor.IsSecretName(f.Key) && !References.Contains(f.Key))))));
            case JsonArray list:
                return Arguments(list);
            case JsonValue value when value.GetValueKind() == JsonValueKind.String:
                return secret && value.GetValue<string>().Length > 0 ? Redactor.Mark : text.Text(value.GetValue<string>());
            default:
                return node?.DeepClone();
        }
    }

    /// <summary>A flag may have its value in the next item.</summary>
    private JsonArray Arguments(JsonArray list)
    {
        var copy = new JsonArray();
        var secret = false;
        foreach (var item in list)
        {
            copy.Add(Walk(item, secret));
            secret = item is JsonValue value && value.GetValueKind() == JsonValueKind.String && value.GetValue<string>() is var argument
                && argument.StartsWith('-') && !argument.Contains('=', StringComparison.Ordinal) && Redactor.IsSecretName(argument);
        }

        return copy;
    }

    private static int Length(JsonNode? value, string field)
    {
        var said = value is JsonValue one && one.GetValueKind() == JsonValueKind.String ? one.GetValue<string>() : "";
        return field == "data" && Convert.TryFromBase64String(said, new byte[said.Length], out var count) ? count : Encoding.UTF8.GetByteCount(said);
    }
}
