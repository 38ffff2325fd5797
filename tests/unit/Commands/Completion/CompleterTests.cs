using KubectlMlopsBackup.Commands;
using KubectlMlopsBackup.Commands.Completion;

namespace KubectlMlopsBackup.UnitTests.Commands.Completion;

public sealed class CompleterTests
{
    [Fact]
    public void Verbs_are_completed_and_hidden_ones_are_not()
    {
        Assert.Equal(["render", "restore"], Complete("re").Order(StringComparer.Ordinal).Where(v => v is "render" or "restore"));
        Assert.All(Complete("re"), v => Assert.StartsWith("re", v, StringComparison.Ordinal));
        Assert.Contains("backup", Complete(""));
        Assert.DoesNotContain("hold", Complete(""));
        Assert.Equal(["add"], Complete("key", "a"));
    }

    [Fact]
    public void Values_of_arguments_are_completed()
    {
        Assert.Equal(["all", "artifacts", "postgres"], Complete("restore", "").Order(StringComparer.Ordinal).Where(c => c is "all" or "artifacts" or "postgres"));
        Assert.Contains("artifacts", Complete("restore", "--yes", "ar"));
        Assert.Empty(Complete("restore", "all", ""));
    }

    [Theory]
    [InlineData("list", "-o", "j")]
    [InlineData("list", "--output", "j")]
    [InlineData("list", "--output=j")]
    [InlineData("-o", "j")]
    public void Values_of_options_are_completed(params string[] words) => Assert.Equal(["json"], Complete(words));

    [Fact]
    public void Options_are_completed_each_once_unless_it_may_be_given_again()
    {
        Assert.Equal(["--from", "--from-repository"], Complete("restore", "--fro").Order(StringComparer.Ordinal));
        Assert.DoesNotContain("--from", Complete("restore", "--from", "latest", "--fro"));
        Assert.Contains("--include", Complete("restore", "--include", "a", "--inc"));
        Assert.Contains("--namespace", Complete("restore", "--name"));
        Assert.DoesNotContain("--share-name-only", Complete("restore", "--"));
    }

    [Fact]
    public void What_follows_an_option_with_a_value_is_that_value_and_no_verb()
    {
        Assert.Equal(["restore"], Complete("-n", "backup", "restor"));
        Assert.Contains("latest", Complete("restore", "--from", ""));
    }

    [Fact]
    public void Files_are_left_to_the_shell_and_nothing_else_is()
    {
        Assert.Equal(CompletionDirective.Files, Answer("backup", "--plan", "").Directive);
        Assert.Equal(CompletionDirective.Files, Answer("backup", "--plan=a").Directive);
        Assert.Equal(CompletionDirective.NoFiles, Answer("restore", "--at", "").Directive);
        Assert.Equal(CompletionDirective.NoFiles, Answer("backup", "").Directive);
    }

    [Fact]
    public void A_value_that_is_still_to_come_is_no_error_to_those_that_read_the_options()
    {
        var folder = Directory.CreateTempSubdirectory("completer").FullName;
        var config = Path.Combine(folder, "config");
        File.WriteAllText(config, "contexts: [{name: near, context: {cluster: c}}, {name: far, context: {cluster: c}}]\n");

        Assert.Equal(["near"], Complete("status", "--kubeconfig", config, "--context", "n"));
        Assert.Equal(["far", "near"], Complete("status", $"--kubeconfig={config}", "--context="));
        Directory.Delete(folder, recursive: true);
    }

    [Theory]
    [InlineData()]
    [InlineData("@/etc/passwd", "")]
    [InlineData("nonsense", "-", "--=", "=")]
    [InlineData("restore", "--", "--fro")]
    [InlineData("backup", "--no-such=")]
    public void Whatever_was_typed_is_no_error(params string[] words) => Assert.Equal(CompletionDirective.NoFiles, words.Length == 0 ? CompletionDirective.NoFiles : Answer(words).Directive);

    [Fact]
    public void A_line_a_candidate_then_the_directive()
    {
        using var text = new StringWriter();
        Answer("list", "-o", "ja").Write(text);
        Assert.Equal(":4\n", text.ToString());

        using var verbs = new StringWriter();
        Answer("versio").Write(verbs);
        Assert.Equal("version\tPrint the version\n:4\n", verbs.ToString());
    }

    private static CompletionAnswer Answer(params string[] words) => new Completer(CommandTree.Create()).Complete(words);

    private static string[] Complete(params string[] words) => [.. Answer(words).Candidates.Select(c => c.Label)];
}
