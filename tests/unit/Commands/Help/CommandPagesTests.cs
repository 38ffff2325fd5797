using KubectlMlopsBackup.Commands;
using KubectlMlopsBackup.Commands.Help;
using KubectlMlopsBackup.UnitTests.Docs;

namespace KubectlMlopsBackup.UnitTests.Commands.Help;

/// <summary>docs/commands says what <c>--help</c> says. <c>MLOPSBACKUP_UPDATE_DOCS=1</c> writes it anew.</summary>
public sealed class CommandPagesTests
{
    private static readonly string Folder = Path.Combine(ProjectFiles.Root, "docs", "commands");

    [Fact]
    public void The_pages_of_the_commands_are_those_of_the_help()
    {
        var wanted = Pages();
        if (Environment.GetEnvironmentVariable("MLOPSBACKUP_UPDATE_DOCS") == "1")
        {
            Directory.CreateDirectory(Folder);
            foreach (var stale in Directory.GetFiles(Folder).Where(f => !wanted.ContainsKey(Path.GetFileName(f))))
            {
                File.Delete(stale);
            }

            foreach (var (name, text) in wanted)
            {
                File.WriteAllText(Path.Combine(Folder, name), text);
            }
        }

        var there = Directory.GetFiles(Folder).ToDictionary(f => Path.GetFileName(f)!, File.ReadAllText, StringComparer.Ordinal);
        string[] wrong =
        [
            .. wanted.Where(p => there.GetValueOrDefault(p.Key) != p.Value).Select(p => p.Key),
            .. there.Keys.Except(wanted.Keys),
        ];
        Assert.True(
            wrong.Length == 0,
            $"docs/commands is not what the help texts say ({string.Join(", ", wrong.Order(StringComparer.Ordinal))}). Run: make docs (or scripts/docs.sh), and commit docs/commands.");
    }

    private static Dictionary<string, string> Pages()
    {
        var root = CommandTree.Create();
        var pages = new Dictionary<string, string>(StringComparer.Ordinal) { ["README.md"] = CommandPage.Index(HelpPage.Of(root)) };
        foreach (var verb in root.Subcommands.Where(c => !c.Hidden))
        {
            pages.Add(
                $"{verb.Name}.md",
                CommandPage.Of(HelpPage.Of(verb), [.. verb.Subcommands.Where(c => !c.Hidden).Select(HelpPage.Of)]));
        }

        return pages;
    }
}
