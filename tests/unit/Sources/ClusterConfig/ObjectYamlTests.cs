using System.Text;
using System.Text.Json.Nodes;
using CsCheck;
using KubectlMlopsBackup.Sources.ClusterConfig;

namespace KubectlMlopsBackup.UnitTests.Sources.ClusterConfig;

public sealed class ObjectYamlTests
{
    private static readonly string[] Odd =
    [
        "", " ", "a", "no", "1", "1.0", "0x1F", "~", "null", "true", "a: b", "- a", "# c", "line one\nline two\n", "  lead\nmore", "\nlead", "a\n\n\n", "tab\there\nx",
        "trailing  \nx ", "😀\nb", "a\r\nb", "---\na", "%d", "{{ x }}", "*a", "&a", "!t", "2026-11-26", "1e3", "a #b", "'", "\"", "\\", "\u0085", "\u2028x\ny", "...\n", "? a\n: b",
    ];

    private static readonly Gen<string> Texts = Gen.OneOf(
        Gen.Int[0, Odd.Length - 1].Select(i => Odd[i]), Gen.String[Gen.Char[" \n\ta:-#'\"0\\{}[]&*!|>%@`~é"], 0, 30]);

    /// <summary>A node from a seed: trees of every shape, with the texts above.</summary>
    private static JsonNode? Node(Random random, IReadOnlyList<string> texts, int depth)
    {
        string Text() => texts[random.Next(texts.Count)];
        switch (random.Next(depth > 3 ? 5 : 9))
        {
            case 0:
                return JsonValue.Create(random.NextInt64());
            case 1:
                return JsonValue.Create(Math.Round(random.NextDouble() * 1e6, 3));
            case 2:
                return JsonValue.Create(random.Next(2) == 0);
            case 3:
                return random.Next(3) == 0 ? null : JsonValue.Create(Text());
            case 4:
                return JsonValue.Create(Text());
            case 5 or 6:
                return new JsonArray([.. Enumerable.Range(0, random.Next(4)).Select(_ => Node(random, texts, depth + 1))]);
            default:
                return Map(random, texts, depth);
        }
    }

    private static JsonObject Map(Random random, IReadOnlyList<string> texts, int depth)
    {
        var map = new JsonObject();
        for (var i = random.Next(4); i >= 0; i--)
        {
            map[texts[random.Next(texts.Count)]] = Node(random, texts, depth + 1);
        }

        return map;
    }

    [Fact]
    public void What_is_written_is_read_back() => Gen.Select(Gen.Int, Texts.Array[1, 12]).Sample(
        (seed, texts) =>
        {
            var body = Map(new Random(seed), texts, 0);
            var text = ObjectYaml.Text(body);
            Assert.True(JsonNode.DeepEquals(body, ObjectYamlReader.Read(Encoding.UTF8.GetBytes(text))), text);
            Assert.True(JsonNode.DeepEquals(body, YamlReading.ToJson(text)), text);
        },
        iter: 3_000);

    [Fact]
    public void It_is_readable_and_sorted()
    {
        var one = Objects.Of(
            """{"kind":"ConfigMap","apiVersion":"v1","metadata":{"name":"a","namespace":"mlops","annotations":{"meta.helm.sh/release-name":"mlflow"}},"data":{"z":"1","a.conf":"x = 1\ny = 2\n"}}""");

        Assert.Equal(
            """
            # managed by Helm (mlflow)
            apiVersion: v1
            data:
              a.conf: |
                x = 1
                y = 2
              z: "1"
            kind: ConfigMap
            metadata:
              annotations:
                meta.helm.sh/release-name: mlflow
              name: a
              namespace: mlops

            """,
            ObjectYaml.Document(one));
    }

    [Theory]
    [InlineData("a: &x [1]\nb: *x\n", "anchors")]
    [InlineData("a: &x {k: v}\nb:\n  <<: *x\n", "anchors")]
    [InlineData("a: !!python/object:os.system x\n", "tags")]
    [InlineData("a: 1\na: 2\n", "twice")]
    [InlineData("a: 1\n---\nb: 2\n", "one mapping")]
    [InlineData("- a\n", "one mapping")]
    [InlineData("", "no YAML")]
    [InlineData("a: [1\n", "no YAML")]
    [InlineData("[a]: 1\n", "no plain text")]
    public void Hostile_and_broken_files_are_refused(string yaml, string why) =>
        Assert.Contains(why, Assert.Throws<InvalidDataException>(() => ObjectYamlReader.Read(Encoding.UTF8.GetBytes(yaml))).Message, StringComparison.Ordinal);

    [Fact]
    public void A_bomb_of_anchors_is_refused_before_it_unfolds()
    {
        var bomb = new StringBuilder("a0: &a0 [x, x, x, x, x, x, x, x, x, x]\n");
        for (var i = 1; i < 30; i++)
        {
            bomb.Append($"a{i}: &a{i} [{string.Join(", ", Enumerable.Repeat($"*a{i - 1}", 10))}]\n");
        }

        Assert.Throws<InvalidDataException>(() => ObjectYamlReader.Read(Encoding.UTF8.GetBytes(bomb.ToString())));
    }

    [Fact]
    public void Depth_and_size_are_bounded()
    {
        Assert.Contains("deeper", Assert.Throws<InvalidDataException>(
            () => ObjectYamlReader.Read(Encoding.UTF8.GetBytes("a: " + new string('[', 2_000) + new string(']', 2_000)))).Message, StringComparison.Ordinal);
        Assert.Contains("larger", Assert.Throws<InvalidDataException>(
            () => ObjectYamlReader.Read(new byte[ObjectYamlReader.LargestDocument + 1])).Message, StringComparison.Ordinal);
        Assert.Contains("UTF-8", Assert.Throws<InvalidDataException>(() => ObjectYamlReader.Read([(byte)'a', (byte)':', (byte)' ', 0xFF])).Message, StringComparison.Ordinal);
    }
}
