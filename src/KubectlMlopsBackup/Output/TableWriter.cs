using System.Text;

namespace KubectlMlopsBackup.Output;

/// <summary>
/// A table as kubectl prints it: upper-case headers, left-aligned, three spaces between columns. On a terminal that is too narrow for it the
/// columns move together, then spare ones are left out: a table of wrapped lines cannot be read.
/// </summary>
internal sealed class TableWriter(params TableColumn[] columns)
{
    private const int Gap = 3;
    private const int SmallGap = 2;

    /// <summary>Characters of the last column, which is cut where it does not fit; less than this says too little.</summary>
    private const int LastColumn = 24;

    /// <summary>A column that would be cut to less than this says nothing; wrapping is better.</summary>
    private const int LeastCut = 8;
    private const string Nothing = "<none>";

    private readonly List<string[]> _rows = [];

    public int Count => _rows.Count;

    /// <param name="cells">One a column, the wide ones too; null and "" are shown as <c>&lt;none&gt;</c>.</param>
    public TableWriter Add(params string?[] cells)
    {
        if (cells.Length != columns.Length)
        {
            throw new ArgumentException($"{cells.Length} cells for {columns.Length} columns", nameof(cells));
        }

        _rows.Add([.. cells.Select(c => string.IsNullOrEmpty(c) ? Nothing : PlainText.Clean(c))]);
        return this;
    }

    /// <param name="terminalWidth">Characters: the last column is cut to fit. Null where it is no terminal: nothing is cut.</param>
    public void Write(TextWriter output, bool wide = false, int? terminalWidth = null)
    {
        var shown = Enumerable.Range(0, columns.Length).Where(i => wide || !columns[i].WideOnly).ToArray();
        var headers = columns.Select(c => c.Header.ToUpperInvariant()).ToArray();
        var widths = columns.Select((_, i) => _rows.Select(r => r[i]).Append(headers[i]).Max(PlainText.Width)).ToArray();
        var gap = Gap;
        if (terminalWidth is { } room && Needed(shown, widths, Gap) > room)
        {
            gap = SmallGap;
            shown = wide ? shown : WithoutSpare(shown, widths, room);
        }

        WriteRow(output, headers, shown, widths, gap, terminalWidth);
        foreach (var row in _rows)
        {
            WriteRow(output, row, shown, widths, gap, terminalWidth);
        }
    }

    private static int Needed(int[] shown, int[] widths, int gap) =>
        shown.SkipLast(1).Sum(i => widths[i] + gap) + Math.Min(widths[shown[^1]], LastColumn);

    private int[] WithoutSpare(int[] shown, int[] widths, int room)
    {
        while (Needed(shown, widths, SmallGap) > room && Array.FindLastIndex(shown, i => columns[i].Spare) is >= 0 and var spare)
        {
            shown = [.. shown[..spare], .. shown[(spare + 1)..]];
        }

        return shown;
    }

    private static void WriteRow(TextWriter output, string[] row, int[] shown, int[] widths, int gap, int? terminalWidth)
    {
        var line = new StringBuilder();
        var used = 0;
        for (var i = 0; i < shown.Length; i++)
        {
            var cell = row[shown[i]];
            if (i == shown.Length - 1)
            {
                var room = terminalWidth - used;
                line.Append(room >= LeastCut ? PlainText.Cut(cell, room.Value) : cell);
            }
            else
            {
                line.Append(cell).Append(' ', widths[shown[i]] - PlainText.Width(cell) + gap);
                used += widths[shown[i]] + gap;
            }
        }

        output.Write(line.Append('\n'));
    }
}
