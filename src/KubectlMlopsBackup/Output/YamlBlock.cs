using System.Text;

namespace KubectlMlopsBackup.Output;

/// <summary>Writes a text of many lines as a YAML value that every reader gives back as it was.</summary>
internal static class YamlBlock
{
    /// <summary>A literal block where YAML can hold the text so, else one line in quotes.</summary>
    /// <param name="indent">Spaces before each line; the key stands two less.</param>
    public static string Literal(string text, int indent)
    {
        if (!text.Contains('\n', StringComparison.Ordinal) || text.Trim('\n').Length == 0 || text.Any(IsHard))
        {
            return YamlScalar.Quote(text);
        }

        // Else the reader would take the first line's own spaces for the indentation.
        var hint = text[0] is ' ' or '\n' ? "2" : "";
        var end = !text.EndsWith('\n') ? "-" : text.EndsWith("\n\n", StringComparison.Ordinal) ? "+" : "";
        var block = new StringBuilder("|").Append(hint).Append(end);
        var body = text.EndsWith('\n') ? text[..^1] : text;
        foreach (var line in body.Split('\n'))
        {
            block.Append('\n').Append(' ', line.Length == 0 ? 0 : indent).Append(line);
        }

        return block.ToString();
    }

    /// <summary>Not in a block: control characters but for tabs, line breaks of YAML 1.1, marks, halves of pairs and beyond.</summary>
    private static bool IsHard(char c) =>
        (c < ' ' && c is not ('\n' or '\t')) || c is >= '\u007F' and <= '\u00A0' or '\u2028' or '\u2029' or '\uFEFF' or '\uFFFE' or '\uFFFF' || char.IsSurrogate(c);
}
