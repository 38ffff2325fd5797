using KubectlMlopsBackup.Configuration;

namespace KubectlMlopsBackup.UnitTests.Configuration;

public sealed class SuggestionTests
{
    private static readonly string[] Names = ["passwordFile", "passwordEnv", "port", "host", "user"];

    [Theory]
    [InlineData("pasword_file", "passwordFile")]
    [InlineData("prot", "port")]
    [InlineData("USER", "user")]
    [InlineData("hots", "host")]
    [InlineData("zzz", null)]
    [InlineData("", null)]
    public void The_nearest_name_is_found_if_one_is_near(string word, string? expected) =>
        Assert.Equal(expected, Suggestion.Nearest(word, Names));

    [Theory]
    [InlineData("", "abc", 3)]
    [InlineData("abc", "abc", 0)]
    [InlineData("abc", "acb", 1)]
    [InlineData("kitten", "sitting", 3)]
    public void Distance_counts_edits_and_swaps(string a, string b, int expected)
    {
        Assert.Equal(expected, Suggestion.Distance(a, b));
        Assert.Equal(expected, Suggestion.Distance(b, a));
    }
}
