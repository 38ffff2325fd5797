using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using KubectlMlopsBackup.Output;

namespace KubectlMlopsBackup.Sources.ClusterConfig;

/// <summary>
/// Writes an object as YAML to be read and compared: fields in the order of their names, texts of many lines as they stand.
/// The same object gives the same text.
/// </summary>
internal static class ObjectYaml
{
    /// <summary>YAML allows "key: value" for keys up to 1,024 characters; escapes count.</summary>
    private const int LongestSimpleKey = 1_000;

    /// <summary>As a file of a snapshot: with a first line that says who else looks after it.</summary>
    public static string Document(ConfigObject value) =>
        value.ManagedBy is { } owner ? $"# managed by {PlainText.Clean(owner).ReplaceLineEndings(" ")}\n{Text(value.Body)}" : Text(value.Body);

    /// <summary>Ends with a newline.</summary>
    public static string Text(JsonObject value)
    {
        var yaml = new StringBuilder();
        Node(yaml, value, 0, startsLine: true);
        return yaml.ToString();
    }

    /// <param name="startsLine">False after "- ": the first entry goes on in the same line.</param>
    private static void Node(StringBuilder yaml, JsonNode? node, int indent, bool startsLine)
    {
        switch (node)
        {
            case JsonObject { Count: > 0 } map:
                var first = !startsLine;
                foreach (var (name, value) in map.OrderBy(f => f.Key, StringComparer.Ordinal))
                {
                    yaml.Append(' ', first ? 0 : indent);
                    first = false;
                    Property(yaml, name, value, indent);
                }

                break;
            case JsonArray { Count: > 0 } list:
                var firstItem = !startsLine;
                foreach (var item in list)
                {
                    yaml.Append(' ', firstItem ? 0 : indent).Append("- ");
                    firstItem = false;
                    Node(yaml, item, indent + 2, startsLine: false);
                }

                break;
            default:
                yaml.Append(' ', startsLine ? indent : 0).Append(Scalar(node, indent)).Append('\n');
                break;
        }
    }

    private static void Property(StringBuilder yaml, string name, JsonNode? value, int indent)
    {
        var key = YamlScalar.Quote(name);
        if (key.Length > LongestSimpleKey)
        {
            yaml.Append("? ").Append(key).Append('\n').Append(' ', indent).Append(':');
        }
        else
        {
            yaml.Append(key).Append(':');
        }

        switch (value)
        {
            case JsonObject { Count: > 0 }:
                yaml.Append('\n');
                Node(yaml, value, indent + 2, startsLine: true);
                break;
            case JsonArray { Count: > 0 }:
                yaml.Append('\n');
                Node(yaml, value, indent, startsLine: true);
                break;
            default:
                yaml.Append(' ').Append(Scalar(value, indent + 2)).Append('\n');
                break;
        }
    }

    /// <param name="indent">Of the lines of a text that has several.</param>
    private static string Scalar(JsonNode? node, int indent) => node switch
    {
        JsonObject => "{}",
        JsonArray => "[]",
        JsonValue value when value.GetValueKind() == JsonValueKind.String => Text(value.GetValue<string>(), indent),
        JsonValue value => value.ToJsonString(),
        _ => "null",
    };

    /// <summary>Readers differ on blocks that begin with white space: such a text is one quoted line.</summary>
    private static string Text(string text, int indent) =>
        text.Length > 0 && text[0] is not (' ' or '\n' or '\t') ? YamlBlock.Literal(text, indent) : YamlScalar.Quote(text);
}
