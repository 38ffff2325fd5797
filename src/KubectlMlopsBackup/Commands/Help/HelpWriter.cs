using KubectlMlopsBackup.Output;

namespace KubectlMlopsBackup.Commands.Help;

/// <summary>Writes a page for people who look at a terminal.</summary>
/// <param name="width">Characters a line; text is wrapped to fit.</param>
internal sealed class HelpWriter(TextWriter output, Paint paint, int width)
{
    /// <summary>Text that is wider is hard to read.</summary>
    public const int Widest = 110;

    private const int Indent = 2;
    private const int Gap = 3;

    /// <summary>Terms that are longer have their text on the next line.</summary>
    private const int LongestTerm = 30;

    private readonly int width = Math.Clamp(width, 40, Widest);

    public void Write(HelpPage page)
    {
        Wrapped(page.Paragraphs.Count > 0 ? page.Paragraphs[0] : "", 0);
        if (!page.IsProgram)
        {
            foreach (var paragraph in page.Paragraphs.Skip(1))
            {
                output.Write('\n');
                Wrapped(paragraph, 0);
            }
        }

        Heading("Usage");
        output.Write($"  {page.Usage}\n");
        // All tasks in one column: they are read as one list.
        var column = Column(page.Verbs.SelectMany(t => t.Verbs));
        foreach (var (task, verbs) in page.Verbs)
        {
            Rows(task.Length > 0 ? task.TrimEnd('?') : "Verbs", verbs, column);
        }

        Examples(page.Examples);
        Rows("Arguments", page.Arguments);
        Rows(page.IsProgram ? "Flags of every verb" : "Flags", page.Options);
        output.Write('\n');
        if (page.IsProgram)
        {
            foreach (var paragraph in page.Paragraphs.Skip(1))
            {
                Wrapped(paragraph, 0);
                output.Write('\n');
            }

            output.Write($"More on a verb: {HelpPage.Program} VERB --help\n");
        }
        else
        {
            output.Write($"Flags of every verb, and exit codes: {HelpPage.Program} --help\n");
        }
    }

    private void Examples(IReadOnlyList<HelpExample> examples)
    {
        if (examples.Count == 0)
        {
            return;
        }

        Heading("Examples");
        foreach (var example in examples)
        {
            if (example.Says.Length > 0)
            {
                output.Write($"  # {example.Says}\n");
            }

            // Never wrapped: it is there to be copied.
            output.Write($"  {HelpPage.Program} {example.Line}\n");
        }
    }

    private static int Column(IEnumerable<HelpRow> rows) =>
        Indent + rows.Select(r => r.Term.Length).Where(l => l <= LongestTerm).DefaultIfEmpty(0).Max() + Gap;

    private void Rows(string heading, IReadOnlyList<HelpRow> rows) => Rows(heading, rows, Column(rows));

    private void Rows(string heading, IReadOnlyList<HelpRow> rows, int column)
    {
        if (rows.Count == 0)
        {
            return;
        }

        Heading(heading);
        foreach (var row in rows)
        {
            output.Write("  " + row.Term);
            if (row.Term.Length > LongestTerm)
            {
                output.Write("\n" + new string(' ', column));
            }
            else
            {
                output.Write(new string(' ', column - Indent - row.Term.Length));
            }

            Wrapped(row.Text, column);
        }
    }

    private void Heading(string text) => output.Write($"\n{paint.Bold(text + ":")}\n");

    /// <summary>From a line that has so many characters already.</summary>
    private void Wrapped(string text, int column)
    {
        var used = column;
        var first = true;
        foreach (var word in text.Split(' ', StringSplitOptions.RemoveEmptyEntries))
        {
            if (!first && used + 1 + word.Length > width)
            {
                output.Write("\n" + new string(' ', column));
                used = column;
                first = true;
            }

            output.Write(first ? word : " " + word);
            used += word.Length + (first ? 0 : 1);
            first = false;
        }

        output.Write('\n');
    }
}
