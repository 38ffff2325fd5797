using System.Text.Json;
using System.Text.RegularExpressions;

namespace KubectlMlopsBackup.UnitTests.Configuration;

/// <summary>As much of JSON Schema 2020-12 as docs/plan.schema.json uses. A keyword that it does not know is an error.</summary>
internal sealed class JsonSchemaChecker(JsonElement root)
{
    public List<string> Check(JsonElement value) => Check(root, value, "").ToList();

    private IEnumerable<string> Check(JsonElement schema, JsonElement value, string path) =>
        schema.EnumerateObject().SelectMany(keyword => Keyword(schema, keyword, value, path));

    private IEnumerable<string> Keyword(JsonElement schema, JsonProperty keyword, JsonElement value, string path)
    {
        var rule = keyword.Value;
        IEnumerable<string> Unless(bool ok) => ok ? [] : [$"{path}: {keyword.Name} {rule.GetRawText()}"];
        int Matching() => rule.EnumerateArray().Count(s => !Check(s, value, path).Any());

        return keyword.Name switch
        {
            "$schema" or "$defs" or "title" or "description" or "default" => [],
            "$ref" => Check(root.GetProperty("$defs").GetProperty(rule.GetString()!["#/$defs/".Length..]), value, path),
            "type" => Unless(IsType(rule.GetString()!, value)),
            "const" => Unless(JsonElement.DeepEquals(rule, value)),
            "enum" => Unless(rule.EnumerateArray().Any(e => JsonElement.DeepEquals(e, value))),
            "oneOf" => Unless(Matching() == 1),
            "anyOf" => Unless(Matching() > 0),
            "not" => Unless(Check(rule, value, path).Any()),
            "properties" when value.ValueKind == JsonValueKind.Object => value.EnumerateObject()
                .Where(p => rule.TryGetProperty(p.Name, out _))
                .SelectMany(p => Check(rule.GetProperty(p.Name), p.Value, $"{path}.{p.Name}")),
            "additionalProperties" when value.ValueKind == JsonValueKind.Object && rule.ValueKind == JsonValueKind.Object => value.EnumerateObject()
                .SelectMany(p => Check(rule, p.Value, $"{path}.{p.Name}")),
            "additionalProperties" when value.ValueKind == JsonValueKind.Object => value.EnumerateObject()
                .Where(p => !schema.GetProperty("properties").TryGetProperty(p.Name, out _)).Select(p => $"{path}.{p.Name}: unknown"),
            "required" when value.ValueKind == JsonValueKind.Object => rule.EnumerateArray()
                .Where(r => !value.TryGetProperty(r.GetString()!, out _)).Select(r => $"{path}.{r.GetString()}: required"),
            "minProperties" when value.ValueKind == JsonValueKind.Object => Unless(value.EnumerateObject().Count() >= rule.GetInt32()),
            "items" when value.ValueKind == JsonValueKind.Array => value.EnumerateArray().SelectMany((v, i) => Check(rule, v, $"{path}[{i}]")),
            "minItems" when value.ValueKind == JsonValueKind.Array => Unless(value.GetArrayLength() >= rule.GetInt32()),
            "maxItems" when value.ValueKind == JsonValueKind.Array => Unless(value.GetArrayLength() <= rule.GetInt32()),
            "pattern" when value.ValueKind == JsonValueKind.String => Unless(Regex.IsMatch(value.GetString()!, Pattern(rule.GetString()!))),
            "minLength" when value.ValueKind == JsonValueKind.String => Unless(value.GetString()!.Length >= rule.GetInt32()),
            "maxLength" when value.ValueKind == JsonValueKind.String => Unless(value.GetString()!.Length <= rule.GetInt32()),
            "minimum" when value.ValueKind == JsonValueKind.Number => Unless(value.GetDouble() >= rule.GetDouble()),
            "maximum" when value.ValueKind == JsonValueKind.Number => Unless(value.GetDouble() <= rule.GetDouble()),
            "properties" or "additionalProperties" or "required" or "minProperties" or "items" or "minItems" or "maxItems"
                or "pattern" or "minLength" or "maxLength" or "minimum" or "maximum" => [],
            _ => throw new InvalidOperationException($"the checker does not know \"{keyword.Name}\""),
        };
    }

    /// <summary>In JSON Schema "$" is the very end; in .NET it also matches before a last line break.</summary>
    private static string Pattern(string pattern) => pattern.Replace("$", @"\z", StringComparison.Ordinal);

    private static bool IsType(string type, JsonElement value) => type switch
    {
        "object" => value.ValueKind == JsonValueKind.Object,
        "array" => value.ValueKind == JsonValueKind.Array,
        "string" => value.ValueKind == JsonValueKind.String,
        "boolean" => value.ValueKind is JsonValueKind.True or JsonValueKind.False,
        "integer" => value.ValueKind == JsonValueKind.Number && value.TryGetInt64(out _),
        _ => throw new InvalidOperationException($"the checker does not know the type \"{type}\""),
    };
}
