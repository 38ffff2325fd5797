using System.Text.Json;
using System.Text.Json.Nodes;
using CsCheck;
using KubectlMlopsBackup.Output;

namespace KubectlMlopsBackup.UnitTests.Output;

public sealed class PrinterTests
{
    private static readonly ProgressEvent Event = new()
    {
        Type = "note",
        Time = new DateTimeOffset(2026, 1, 2, 3, 4, 5, TimeSpan.Zero),
        Message = "é\n<\"",
        FilesDone = 3,
    };

    [Fact]
    public void Json_is_indented_and_readable() => Assert.Equal(
        """
        {
          "type": "note",
          "time": "2026-01-02T03:04:05+00:00",
          "message": "é\n<\"",
          "filesDone": 3
        }

        """,
        Print(OutputFormat.Json));

    [Fact]
    public void Yaml_says_the_same() => Assert.Equal(
        """
        type: note
        time: "2026-01-02T03:04:05+00:00"
        message: |-
          é
          <"
        filesDone: 3

        """,
        Print(OutputFormat.Yaml));

    [Fact]
    public void Names_are_one_a_line() => Assert.Equal("event/a\nevent/b\uFFFD\n", Print(OutputFormat.Name));

    [Theory]
    [InlineData(OutputFormat.Table, "TYPE\nnote\n")]
    [InlineData(OutputFormat.Wide, "TYPE   FILES\nnote   3\n")]
    public void Tables_come_in_two_widths(object format, string expected) => Assert.Equal(expected, Print((OutputFormat)format));

    [Fact]
    public void Yaml_is_in_kubectls_block_style() => Assert.Equal(
        """
        items:
        - name: a
          tags: []
          nested:
          - - 1
            - x
          - {}
        - {}
        "yes": "1.5"
        empty: ""

        """,
        Yaml("""{"items":[{"name":"a","tags":[],"nested":[[1,"x"],{}]},{}],"yes":"1.5","empty":""}"""));

    [Fact]
    public void Any_document_is_read_back_from_its_yaml() => Document(4).Sample(
        json => Assert.True(JsonNode.DeepEquals(json, YamlReading.ToJson(Yaml(json?.ToJsonString() ?? "null")))), iter: 2_000);

    [Fact]
    public void Any_text_is_read_back_from_its_scalar() => Text.Sample(text =>
    {
        var scalar = YamlScalar.Quote(text);
        Assert.DoesNotContain('\n', scalar);
        Assert.Equal(text, YamlReading.ToJson($"k: {scalar}")!["k"]!.GetValue<string>());
    });

    [Theory]
    [InlineData("plain")]
    [InlineData("/var/lib/x_y-z.1")]
    [InlineData("7d")]
    public void What_is_beyond_doubt_is_not_quoted(string text) => Assert.Equal(text, YamlScalar.Quote(text));

    // Each is something other than a text to some reader of YAML 1.1 or 1.2.
    [Theory]
    [InlineData("")]
    [InlineData("no")]
    [InlineData("Yes")]
    [InlineData("ON")]
    [InlineData("y")]
    [InlineData("null")]
    [InlineData("~")]
    [InlineData("1e5")]
    [InlineData("0x1F")]
    [InlineData("1_000")]
    [InlineData("12:30:45")]
    [InlineData("2026-01-02")]
    [InlineData(".inf")]
    [InlineData("-")]
    [InlineData("- a")]
    [InlineData("a: b")]
    [InlineData("a #b")]
    [InlineData(" a")]
    [InlineData("*a")]
    [InlineData("<<")]
    [InlineData("=")]
    [InlineData("---")]
    public void What_a_reader_may_take_for_something_else_is_quoted(string text) => Assert.StartsWith("\"", YamlScalar.Quote(text), StringComparison.Ordinal);

    [Fact]
    public void A_lone_surrogate_becomes_a_replacement_character() => Assert.Equal("\"a\uFFFD\"", YamlScalar.Quote("a\uD800"));

    private static Gen<string> Text => Gen.OneOf(
        Gen.String[Gen.Char["ab:#'\"\\{}[]&*!|>%@`,-?= \t\r\n\0\u0085\u00a0\u2028\ufeff\u00e9\u2603"], 0, 30],
        Gen.OneOf("true", "null", "1.0", "0o7", "no", "😀 ok", "\u001b[2J", new string('k', 2_000)));

    private static Gen<JsonNode?> Document(int depth)
    {
        var scalar = Gen.OneOf(
            Text.Select(t => (JsonNode?)JsonValue.Create(t)),
            Gen.Long.Select(n => (JsonNode?)JsonValue.Create(n)),
            Gen.Bool.Select(b => (JsonNode?)JsonValue.Create(b)),
            Gen.Const((JsonNode?)null));
        if (depth == 0)
        {
            return scalar;
        }

        var child = Document(depth - 1);
        return Gen.Frequency(
            (1, scalar),
            (2, child.Array[0, 4].Select(items => (JsonNode?)new JsonArray([.. items.Select(i => i?.DeepClone())]))),
            (2, Gen.Select(Text, child).Array[0, 4].Select(pairs => (JsonNode?)new JsonObject(
                pairs.DistinctBy(p => p.Item1).Select(p => KeyValuePair.Create(p.Item1, p.Item2?.DeepClone()))))));
    }

    private static string Yaml(string json)
    {
        var output = new StringWriter();
        using var document = JsonDocument.Parse(json);
        YamlPrinter.Write(output, document.RootElement);
        return output.ToString();
    }

    private static string Print(OutputFormat format)
    {
        var output = new StringWriter();
        new ResultPrinter(output, format).Print(
            Event,
            ProgressJsonContext.Default.ProgressEvent,
            e => new TableWriter(new("type"), new("files", WideOnly: true)).Add(e.Type, $"{e.FilesDone}"),
            _ => ["event/a", "event/b\n"]);
        return output.ToString();
    }
}
