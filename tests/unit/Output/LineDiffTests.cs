using CsCheck;
using KubectlMlopsBackup.Output;

namespace KubectlMlopsBackup.UnitTests.Output;

public sealed class LineDiffTests
{
    private static readonly Gen<string> Texts = Gen.Int[0, 3].Select(n => $"line {n}").Array[0, 12].Select(l => string.Concat(l.Select(x => x + "\n")));

    [Fact]
    public void What_is_the_same_has_no_lines() => Assert.Empty(LineDiff.Of("a\nb\n", "a\nb\n"));

    [Fact]
    public void A_change_is_shown_with_two_lines_around_it()
    {
        var before = string.Concat(Enumerable.Range(0, 20).Select(i => $"{i}\n"));

        var lines = LineDiff.Of(before, before.Replace("7\n8\n", "7\nx\n", StringComparison.Ordinal).Replace("19\n", "", StringComparison.Ordinal));

        Assert.Equal([" 6", " 7", "-8", "+x", " 9", " 10", "@@", " 17", " 18", "-19"], lines);
    }

    [Fact]
    public void As_many_lines_come_and_go_as_the_texts_differ_by() => Gen.Select(Texts, Texts).Sample((a, b) =>
    {
        var lines = LineDiff.Of(a, b);
        return (lines.Count == 0) == (a == b)
            && lines.Count(l => l[0] == '+') - lines.Count(l => l[0] == '-') == b.Count(c => c == '\n') - a.Count(c => c == '\n');
    });
}
