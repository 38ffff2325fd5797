using System.Text;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;

namespace KubectlMlopsBackup.Output;

/// <summary>Writes a JSON document as YAML, in kubectl's block style. Both formats so say the same.</summary>
internal static class YamlPrinter
{
    /// <summary>YAML allows "key: value" for keys up to 1,024 characters; escapes count.</summary>
    private const int LongestSimpleKey = 1_000;

    public static void Write<T>(TextWriter output, T value, JsonTypeInfo<T> type) =>
        Write(output, JsonSerializer.SerializeToElement(value, type));

    /// <summary>Ends with a newline.</summary>
    public static void Write(TextWriter output, JsonElement element)
    {
        var yaml = new StringBuilder();
        WriteNode(yaml, element, 0, startsLine: true);
        output.Write(yaml);
    }

    /// <param name="startsLine">False after "- " or "? ": the first entry goes on in the same line.</param>
    private static void WriteNode(StringBuilder yaml, JsonElement element, int indent, bool startsLine)
    {
        if (element.ValueKind == JsonValueKind.Object && element.EnumerateObject().Any())
        {
            var first = !startsLine;
            foreach (var property in element.EnumerateObject())
            {
                yaml.Append(' ', first ? 0 : indent);
                first = false;
                WriteProperty(yaml, property, indent);
            }
        }
        else if (element.ValueKind == JsonValueKind.Array && element.GetArrayLength() > 0)
        {
            var first = !startsLine;
            foreach (var item in element.EnumerateArray())
            {
                yaml.Append(' ', first ? 0 : indent).Append("- ");
                first = false;
                WriteNode(yaml, item, indent + 2, startsLine: false);
            }
        }
        else
        {
            yaml.Append(' ', startsLine ? indent : 0).Append(Scalar(element)).Append('\n');
        }
    }

    private static void WriteProperty(StringBuilder yaml, JsonProperty property, int indent)
    {
        var key = YamlScalar.Quote(property.Name);
        if (key.Length > LongestSimpleKey)
        {
            yaml.Append("? ").Append(key).Append('\n').Append(' ', indent).Append(':');
        }
        else
        {
            yaml.Append(key).Append(':');
        }

        switch (property.Value.ValueKind)
        {
            case JsonValueKind.Object when property.Value.EnumerateObject().Any():
                yaml.Append('\n');
                WriteNode(yaml, property.Value, indent + 2, startsLine: true);
                break;
            case JsonValueKind.Array when property.Value.GetArrayLength() > 0:
                yaml.Append('\n');
                WriteNode(yaml, property.Value, indent, startsLine: true);
                break;
            case JsonValueKind.String:
                // Whoever reads it, and whoever compares two of them line by line, wants to see lines.
                yaml.Append(' ').Append(YamlBlock.Literal(property.Value.GetString()!, indent + 2)).Append('\n');
                break;
            default:
                yaml.Append(' ').Append(Scalar(property.Value)).Append('\n');
                break;
        }
    }

    private static string Scalar(JsonElement element) => element.ValueKind switch
    {
        JsonValueKind.Object => "{}",
        JsonValueKind.Array => "[]",
        JsonValueKind.String => YamlScalar.Quote(element.GetString()!),
        JsonValueKind.Number => element.GetRawText(),
        JsonValueKind.True => "true",
        JsonValueKind.False => "false",
        _ => "null",
    };
}
