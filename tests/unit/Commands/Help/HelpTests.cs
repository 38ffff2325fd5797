using System.CommandLine;
using KubectlMlopsBackup.Commands;
using KubectlMlopsBackup.Commands.Help;
using KubectlMlopsBackup.Output;

namespace KubectlMlopsBackup.UnitTests.Commands.Help;

public sealed class HelpTests
{
    public static TheoryData<string> Verbs => [.. CommandTree.Create().Subcommands.Select(c => c.Name)];

    [Fact]
    public void Every_example_can_be_typed()
    {
        var root = CommandTree.Create();
        foreach (var example in HelpTopics.Examples.SelectMany(e => e.Value))
        {
            var line = example.Line.Split(" > ")[0];
            var parsed = root.Parse(line.Replace("'", "", StringComparison.Ordinal));
            Assert.True(parsed.Errors.Count == 0, $"{example.Line}: {string.Join("; ", parsed.Errors.Select(e => e.Message))}");
        }
    }

    [Theory]
    [MemberData(nameof(Verbs))]
    public void Help_fits_the_terminal_but_for_what_is_copied(string verb)
    {
        var page = HelpPage.Of(CommandTree.Create().Subcommands.Single(c => c.Name == verb));
        Assert.NotEmpty(page.Paragraphs);

        foreach (var line in Text(page, 80).Split('\n').Where(l => !l.StartsWith("  kubectl mlopsbackup", StringComparison.Ordinal) && !l.StartsWith("  #", StringComparison.Ordinal)))
        {
            Assert.True(line.Length <= 100, line);
        }
    }

    [Fact]
    public void Verbs_are_listed_by_task_each_once()
    {
        var root = CommandTree.Create();
        root.Subcommands.Add(new Command("brand-new", "Nobody has put it anywhere yet."));
        var page = HelpPage.Of(root);

        Assert.Equal("Set up", page.Verbs[0].Task);
        Assert.Equal("brand-new", page.Verbs.Single(t => t.Task == HelpTopics.Rest).Verbs[^1].Term);
        Assert.Equal(
            root.Subcommands.Where(c => !c.Hidden).Select(c => c.Name).Order(StringComparer.Ordinal),
            page.Verbs.SelectMany(t => t.Verbs).Select(v => v.Term).Order(StringComparer.Ordinal));
    }

    [Fact]
    public void Headings_are_bold_only_in_colour()
    {
        var page = HelpPage.Of(CommandTree.Create());
        Assert.DoesNotContain('\u001b', Text(page, 80));

        using var colored = new StringWriter();
        new HelpWriter(colored, new Paint(true), 80).Write(page);
        Assert.Contains("\u001b[1mUsage:\u001b[0m", colored.ToString(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("List them, oldest first.", "List them, oldest first")]
    [InlineData("Are we safe? Last success, e.g. of today. Exit code 4.", "Are we safe? Last success, e.g. of today")]
    [InlineData("One\nparagraph.\n\nAnother.", "One paragraph")]
    [InlineData(null, "")]
    public void A_summary_is_the_first_sentence(string? description, string summary) => Assert.Equal(summary, Summary.Of(description));

    [Theory]
    [InlineData("did you mean backup?", "bakup")]
    [InlineData("did you mean --from?", "restore", "--frm", "latest")]
    [InlineData("did you mean --namespace?", "list", "--namespce=x")]
    [InlineData("Did you mean postgres?", "restore", "postgress")]
    [InlineData("did you mean add?", "key", "ad")]
    [InlineData("key needs a verb: ", "key")]
    [InlineData("see kubectl mlopsbackup --help", "entirely-different")]
    [InlineData("one word too many", "version", "now")]
    [InlineData("did you mean --follow?", "logs", "--folow")]
    public void A_mistyped_word_is_answered_with_the_nearest(string answer, params string[] line)
    {
        using var error = new StringWriter();
        var parsed = CommandTree.Create().Parse(line);
        Assert.True(UsageErrors.Any(parsed));
        var code = UsageErrors.Print(parsed, error);

        Assert.Equal(ExitCode.Usage, code);
        Assert.StartsWith("error: ", error.ToString(), StringComparison.Ordinal);
        Assert.DoesNotContain('\uFFFD', error.ToString());
        Assert.Contains("  fix: ", error.ToString(), StringComparison.Ordinal);
        Assert.Contains(answer, error.ToString(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("export", "postgres", "--file", "-")]
    [InlineData("describe", "--", "-odd")]
    public void A_dash_that_is_meant_is_no_mistake(params string[] line) => Assert.False(UsageErrors.Any(CommandTree.Create().Parse(line)));

    private static string Text(HelpPage page, int width)
    {
        using var text = new StringWriter();
        new HelpWriter(text, new Paint(false), width).Write(page);
        return text.ToString();
    }
}
