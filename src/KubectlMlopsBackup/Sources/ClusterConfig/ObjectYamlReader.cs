using System.Globalization;
using System.Text;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using YamlDotNet.Core;
using YamlDotNet.Core.Events;

namespace KubectlMlopsBackup.Sources.ClusterConfig;

/// <summary>
/// Reads one object from YAML that nobody vouches for. Only what <see cref="ObjectYaml"/> writes is taken: no anchors and aliases
/// (a few lines of them unfold into gigabytes), no tags, one document, names once.
/// </summary>
internal static partial class ObjectYamlReader
{
    /// <summary>Bytes. The API takes objects of 1.5 to 3 MiB; as YAML, with escapes and indentation, they are a few times that.</summary>
    public const int LargestDocument = 16 << 20;

    /// <summary>Custom resources' schemas are the deepest objects there are, with about 100.</summary>
    private const int Deepest = 500;

    /// <summary>Scalars, lists and maps.</summary>
    private const int MostNodes = 1_000_000;

    /// <exception cref="InvalidDataException">It is no such object; the message is to stand behind a path.</exception>
    public static JsonObject Read(ReadOnlySpan<byte> yaml)
    {
        if (yaml.Length > LargestDocument)
        {
            throw new InvalidDataException($"it is larger than any Kubernetes object ({LargestDocument >> 20} MiB)");
        }

        string text;
        try
        {
            text = new UTF8Encoding(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true).GetString(yaml);
        }
        catch (DecoderFallbackException)
        {
            throw new InvalidDataException("it is not UTF-8");
        }

        try
        {
            using var lines = new StringReader(text);
            var parser = new Parser(lines);
            parser.Consume<StreamStart>();
            parser.Consume<DocumentStart>();
            var nodes = 0;
            var root = Node(parser, 0, ref nodes);
            parser.Consume<DocumentEnd>();
            return parser.Accept<StreamEnd>(out _) && root is JsonObject map ? map : throw new InvalidDataException("it is not one mapping");
        }
        catch (YamlException e)
        {
            throw new InvalidDataException($"it is no YAML (line {e.Start.Line})", e);
        }
    }

    private static JsonNode? Node(IParser parser, int depth, ref int nodes)
    {
        if (depth > Deepest || ++nodes > MostNodes)
        {
            throw new InvalidDataException("it is deeper or has more parts than any Kubernetes object");
        }

        if (parser.Current is AnchorAlias or NodeEvent { Anchor.IsEmpty: false })
        {
            throw new InvalidDataException("it has anchors or aliases, which no backup writes");
        }

        if (parser.Current is NodeEvent { Tag.IsEmpty: false })
        {
            throw new InvalidDataException("it has tags, which no backup writes");
        }

        if (parser.TryConsume<MappingStart>(out _))
        {
            var map = new JsonObject();
            while (!parser.TryConsume<MappingEnd>(out _))
            {
                var name = parser.Current is Scalar { Anchor.IsEmpty: true, Tag.IsEmpty: true }
                    ? parser.Consume<Scalar>().Value
                    : throw new InvalidDataException("it has a name that is no plain text");
                if (map.ContainsKey(name))
                {
                    throw new InvalidDataException("it has a name twice in one mapping");
                }

                map.Add(name, Node(parser, depth + 1, ref nodes));
            }

            return map;
        }

        if (parser.TryConsume<SequenceStart>(out _))
        {
            var list = new JsonArray();
            while (!parser.TryConsume<SequenceEnd>(out _))
            {
                list.Add(Node(parser, depth + 1, ref nodes));
            }

            return list;
        }

        return Value(parser.Consume<Scalar>());
    }

    /// <summary>YAML 1.2's core schema, as the backup writes it: <c>no</c> is a text. Numbers keep their digits.</summary>
    private static JsonNode? Value(Scalar scalar) => scalar.Style != ScalarStyle.Plain
        ? JsonValue.Create(scalar.Value)
        : scalar.Value switch
        {
            "" or "~" or "null" => null,
            "true" => JsonValue.Create(true),
            "false" => JsonValue.Create(false),
            _ when long.TryParse(scalar.Value, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var whole) && JsonNumber().IsMatch(scalar.Value) => JsonValue.Create(whole),
            _ when scalar.Value.Length <= 400 && JsonNumber().IsMatch(scalar.Value) => JsonNode.Parse(scalar.Value),
            _ => JsonValue.Create(scalar.Value),
        };

    [GeneratedRegex(@"^-?(0|[1-9][0-9]*)(\.[0-9]+)?([eE][+-]?[0-9]+)?\z")]
    private static partial Regex JsonNumber();
}
