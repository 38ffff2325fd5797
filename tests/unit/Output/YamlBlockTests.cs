using CsCheck;
using KubectlMlopsBackup.Output;

namespace KubectlMlopsBackup.UnitTests.Output;

public sealed class YamlBlockTests
{
    [Theory]
    [InlineData("a: 1\nb: 2\n", "|\n    a: 1\n    b: 2")]
    [InlineData("a\nb", "|-\n    a\n    b")]
    [InlineData("a\nb\n\n", "|+\n    a\n    b\n")]
    [InlineData("  a\nb\n", "|2\n      a\n    b")]
    public void Text_is_a_literal_block(string text, string expected) => Assert.Equal(expected, YamlBlock.Literal(text, 4));

    [Fact]
    public void Every_text_is_read_back_as_it_was() =>
        Gen.String[Gen.Char["a :#-'\"\\{|>&*!%@`\t\r\n\n\n\u0001\u0085\u2028\ufeff\u00e9"], 0, 40].Sample(text =>
        {
            var read = YamlReading.ToJson($"data:\n  # comment\n  before: {YamlBlock.Literal(text, 4)}\n  # comment\n  after: {YamlBlock.Literal(text, 4)}\n")!;

            Assert.Equal(text, (string)read["data"]!["before"]!);
            Assert.Equal(text, (string)read["data"]!["after"]!);
        });
}
