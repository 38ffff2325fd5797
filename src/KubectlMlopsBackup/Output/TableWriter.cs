using System.Text;

namespace KubectlMlopsBackup.Output;

/// <summary>A table as kubectl prints it: upper-case headers, left-aligned, three spaces between columns.</summary>
internal sealed class TableWriter(params TableColumn[] columns)
{
    private const int Gap = 3;
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
        var widths = shown.Select(i => _rows.Select(r => r[i]).Append(headers[i]).Max(PlainText.Width)).ToArray();
        WriteRow(output, headers, shown, widths, terminalWidth);
        foreach (var row in _rows)
        {
            WriteRow(output, row, shown, widths, terminalWidth);
        }
    }

    private static void WriteRow(TextWriter output, string[] row, int[] shown, int[] widths, int? terminalWidth)
    {
        var line = new StringBuilder();
        var used = 0;
        for (var i = 0; i < shown.Length; i++)
        {
            var cell = row[shown[i]];
            if (i == shown.Length - 1)
            {
                // A column that would be cut to less than this says nothing; wrapping is better.
                var room = terminalWidth - used;
                line.Append(room >= 8 ? PlainText.Cut(cell, room.Value) : cell);
            }
            else
            {
                line.Append(cell).Append(' ', widths[i] - PlainText.Width(cell) + Gap);
                used += widths[i] + Gap;
            }
        }

        output.Write(line.Append('\n'));
    }
}
