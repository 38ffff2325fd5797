using System.Text;
using KubectlMlopsBackup.Commands.Help;

namespace KubectlMlopsBackup.UnitTests.Commands.Help;

/// <summary>A verb's page in docs/commands, from the words of its <c>--help</c>.</summary>
internal static class CommandPage
{
    private const string Made = "<!-- Made from the help texts by \"make docs\": change those. -->\n\n";

    /// <param name="page">A verb of the first level.</param>
    /// <param name="below">The verbs below it.</param>
    public static string Of(HelpPage page, IReadOnlyList<HelpPage> below)
    {
        var text = new StringBuilder(Made);
        Section(text, page, "#");
        foreach (var child in below)
        {
            text.Append('\n');
            Section(text, child, "##");
        }

        return text.Append("\nFlags of every verb, and exit codes: [commands](README.md).\n").ToString();
    }

    public static string Index(HelpPage program)
    {
        var text = new StringBuilder(Made);
        text.Append("# Commands\n\n").Append(program.Paragraphs[0]).Append('\n');
        foreach (var (task, verbs) in program.Verbs)
        {
            text.Append($"\n## {task}\n\n| verb | |\n|---|---|\n");
            foreach (var verb in verbs)
            {
                text.Append($"| [{verb.Term}]({verb.Term}.md) | {Cell(verb.Text)} |\n");
            }
        }

        Table(text, "##", "Flags of every verb", program.Options);
        text.Append("\n## Exit codes\n");
        foreach (var paragraph in program.Paragraphs.Skip(1))
        {
            text.Append('\n').Append(Plain(paragraph)).Append('\n');
        }

        return text.ToString();
    }

    private static void Section(StringBuilder text, HelpPage page, string heading)
    {
        text.Append($"{heading} {page.Verb}\n");
        foreach (var paragraph in page.Paragraphs)
        {
            text.Append('\n').Append(Plain(paragraph)).Append('\n');
        }

        text.Append($"\n```\n{page.Usage}\n```\n");
        if (page.Examples.Count > 0)
        {
            text.Append("\n```sh\n");
            foreach (var example in page.Examples)
            {
                text.Append(example.Says.Length > 0 ? $"# {example.Says}\n" : "").Append($"{HelpPage.Program} {example.Line}\n");
            }

            text.Append("```\n");
        }

        foreach (var (_, verbs) in page.Verbs)
        {
            Table(text, heading + "#", "Verbs", verbs);
        }

        Table(text, heading + "#", "Arguments", page.Arguments);
        Table(text, heading + "#", "Flags", page.Options);
    }

    private static void Table(StringBuilder text, string heading, string title, IReadOnlyList<HelpRow> rows)
    {
        // A heading twice in a page has no name of its own.
        var line = heading.Length > 2 ? $"\n{title}:\n" : $"\n{heading} {title}\n";
        if (rows.Count > 0)
        {
            text.Append(line).Append($"\n| {(title == "Verbs" ? "verb" : title == "Arguments" ? "argument" : "flag")} | |\n|---|---|\n");
            foreach (var row in rows)
            {
                text.Append($"| `{row.Term.Replace("|", "\\|", StringComparison.Ordinal)}` | {Cell(row.Text)} |\n");
            }
        }
    }

    private static string Cell(string text) => Plain(text).Replace("|", "\\|", StringComparison.Ordinal);

    /// <summary>Words as they are: no markup in them, and no glob that would become italics.</summary>
    private static string Plain(string text) =>
        text.Replace("<", "&lt;", StringComparison.Ordinal).Replace("*", "\\*", StringComparison.Ordinal).Replace("_", "\\_", StringComparison.Ordinal);
}
