using System.Text;

namespace KubectlMlopsBackup.Output;

/// <summary>Names come from file systems and databases: on a terminal they must stay names.</summary>
internal static class PlainText
{
    /// <summary>Control characters (line breaks, escape sequences) and direction overrides become U+FFFD.</summary>
    public static string Clean(string text)
    {
        if (!text.Any(IsUnsafe))
        {
            return text;
        }

        return string.Create(text.Length, text, static (target, source) =>
        {
            for (var i = 0; i < source.Length; i++)
            {
                target[i] = IsUnsafe(source[i]) ? '\uFFFD' : source[i];
            }
        });
    }

    /// <summary>Characters, not UTF-16 units.</summary>
    public static int Width(string text)
    {
        var width = 0;
        foreach (var _ in text.EnumerateRunes())
        {
            width++;
        }

        return width;
    }

    /// <summary>At most so many characters; the last becomes "…" where something was cut off.</summary>
    public static string Cut(string text, int width)
    {
        if (Width(text) <= width)
        {
            return text;
        }

        var result = new StringBuilder();
        foreach (var rune in text.EnumerateRunes().Take(Math.Max(width - 1, 0)))
        {
            result.Append(rune.ToString());
        }

        return width > 0 ? result.Append('…').ToString() : "";
    }

    private static bool IsUnsafe(char c) =>
        char.IsControl(c) || c is '\u2028' or '\u2029' or (>= '\u202A' and <= '\u202E') or (>= '\u2066' and <= '\u2069');
}
