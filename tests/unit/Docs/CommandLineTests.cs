using System.CommandLine;
using System.Text.RegularExpressions;
using KubectlMlopsBackup.Commands;

namespace KubectlMlopsBackup.UnitTests.Docs;

/// <summary>Every command line of the documentation that is this program's can be typed: the verb is there, and so are its flags.</summary>
public sealed partial class CommandLineTests
{
    /// <summary>What stands for a value in a page, where a flag reads more than text.</summary>
    private static readonly Dictionary<string, string> Values = new(StringComparer.Ordinal)
    {
        ["TIME"] = "2026-11-24T02:00:00Z",
    };

    /// <summary>Other programs' flags that pages name.</summary>
    private static readonly string[] Others = ["--artifacts-destination", "--backend-store-uri", "--default-artifact-root", "--from-literal"];

    private static readonly RootCommand Root = CommandTree.Create();
    private static readonly HashSet<string> Verbs = Root.Subcommands.Select(c => c.Name).ToHashSet(StringComparer.Ordinal);
    private static readonly HashSet<string> Flags =
        [.. All(Root).SelectMany(c => c.Options).SelectMany(o => o.Aliases.Append(o.Name)), .. Others];

    /// <summary>But for those that are made from the help texts: their examples have a test there, and their first lines are patterns.</summary>
    public static TheoryData<string> Pages =>
        [.. ProjectFiles.Markdown.Select(f => Path.GetRelativePath(ProjectFiles.Root, f)).Where(f => !f.StartsWith(Path.Combine("docs", "commands"), StringComparison.Ordinal))];

    /// <summary>Without those of the tests' own programs.</summary>
    public static TheoryData<string> UserPages => [.. Pages.Select(p => p.Data).Where(p => !p.StartsWith("tests", StringComparison.Ordinal))];

    [Theory]
    [MemberData(nameof(Pages))]
    public void What_is_to_be_typed_can_be(string page)
    {
        var wrong = Mistakes(File.ReadAllText(Path.Combine(ProjectFiles.Root, page))).ToArray();

        Assert.True(wrong.Length == 0, $"{page}:\n{string.Join('\n', wrong)}");
    }

    [Fact]
    public void A_mistake_is_seen()
    {
        Assert.Equal(["kubectl-mlopsbackup restore all --form latest", "kubectl mlopsbackup lst"], Mistakes(
            """
            Run `kubectl mlopsbackup lst`, or
            ```sh
            PGPASSWORD=x kubectl-mlopsbackup restore all --form latest >out 2>&1 # --no-flag
            kubectl mlopsbackup list \
              -o json | jq .
            ```
            """).Select(m => m.Split(':')[0]));
        Assert.Equal(["restore --no-such-flag"], Mistakes("`restore --no-such-flag`, and `restore`s more").Select(m => m.Split(':')[0]));
    }

    [Fact]
    public void There_is_something_to_see() =>
        Assert.True(ProjectFiles.Markdown.Sum(f => Lines(File.ReadAllText(f)).Count()) > 200);

    [Theory]
    [MemberData(nameof(UserPages))]
    public void Flags_that_are_named_are_there(string page)
    {
        var missing = Code().Matches(AnyFence().Replace(File.ReadAllText(Path.Combine(ProjectFiles.Root, page)), ""))
            .Select(m => Flag().Match(m.Groups[1].Value)).Where(m => m.Success && !Flags.Contains(m.Value)).Select(m => m.Value);

        Assert.Equal([], missing);
    }

    private static IEnumerable<Command> All(Command root) => root.Subcommands.SelectMany(All).Prepend(root);

    private static IEnumerable<string> Mistakes(string text) => Lines(text)
        .Select(line => (Line: line, Errors: Errors(line.Words)))
        .Where(p => p.Errors.Length > 0)
        .Select(p => $"{p.Line.Text}: {p.Errors}");

    private static string Errors(IReadOnlyList<string> words)
    {
        var line = words.Select(w => Values.GetValueOrDefault(w, w)).ToList();
        // A flag that is only named, as the last word, has its value left out.
        var parsed = Root.Parse(line);
        if (parsed.Errors.Count > 0 && line[^1].StartsWith("--", StringComparison.Ordinal))
        {
            parsed = Root.Parse([.. line, "value"]);
        }

        return string.Join("; ", parsed.Errors.Select(e => e.Message));
    }

    private static IEnumerable<(string Text, IReadOnlyList<string> Words)> Lines(string text)
    {
        foreach (var command in Fence().Matches(text).Select(m => Prompt().Replace(m.Groups[1].Value, "")).SelectMany(ShellWords.Commands))
        {
            if (Own(command) is { } words)
            {
                yield return (string.Join(' ', command.SkipWhile(IsAssignment)), words);
            }
        }

        foreach (var code in Code().Matches(AnyFence().Replace(text, "")).Select(m => m.Groups[1].Value).Where(c => !c.Contains('…', StringComparison.Ordinal)))
        {
            foreach (var command in ShellWords.Commands(code))
            {
                IReadOnlyList<string>? own = Own(command);
                // In the text a verb is often enough, where its flags say that it is one.
                if (own is null && command.Count > 1 && Verbs.Contains(command[0]) && command.Any(w => w.StartsWith("--", StringComparison.Ordinal)))
                {
                    own = [.. command];
                }

                if (own is not null)
                {
                    yield return (string.Join(' ', command), own);
                }
            }
        }
    }

    /// <returns>Its words behind the program's name; null where it is another program's.</returns>
    private static List<string>? Own(IReadOnlyList<string> command)
    {
        var words = command.SkipWhile(w => IsAssignment(w) || w == "sudo").ToList();
        return words switch
        {
            _ when words.Contains("<TAB>") => null,
            ["kubectl", "mlopsbackup"] => null,
            [_] => null,
            ["kubectl", "mlopsbackup", .. var rest] => rest,
            [var program, .. var rest] when Path.GetFileName(program) == "kubectl-mlopsbackup" => rest,
            _ => null,
        };
    }

    private static bool IsAssignment(string word) => Assignment().IsMatch(word);

    [GeneratedRegex(@"^ *```(?:sh|bash|console)\r?\n(.*?)^ *```", RegexOptions.Multiline | RegexOptions.Singleline)]
    private static partial Regex Fence();

    [GeneratedRegex(@"^ *```.*?^ *```", RegexOptions.Multiline | RegexOptions.Singleline)]
    private static partial Regex AnyFence();

    [GeneratedRegex("`([^`\n]+)`")]
    private static partial Regex Code();

    [GeneratedRegex("^--[a-z][a-z-]+")]
    private static partial Regex Flag();

    [GeneratedRegex(@"^\$ ", RegexOptions.Multiline)]
    private static partial Regex Prompt();

    [GeneratedRegex("^[A-Z_]+=")]
    private static partial Regex Assignment();
}
