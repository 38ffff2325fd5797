using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;

namespace KubectlMlopsBackup.Output;

/// <summary>Writes one text as a YAML scalar on one line, so that every reader (1.1 or 1.2) gets that very text back.</summary>
internal static partial class YamlScalar
{
    /// <summary>Plain where that is beyond doubt, else in double quotes. A lone surrogate becomes U+FFFD: YAML cannot hold it.</summary>
    public static string Quote(string text) => IsPlain(text) ? text : DoubleQuote(text);

    private static bool IsPlain(string text) =>
        (Word().IsMatch(text) && !Reserved().IsMatch(text)) || ShortDuration().IsMatch(text);

    private static string DoubleQuote(string text)
    {
        var result = new StringBuilder(text.Length + 2).Append('"');
        foreach (var rune in text.EnumerateRunes())
        {
            _ = rune.Value switch
            {
                '"' => result.Append("\\\""),
                '\\' => result.Append("\\\\"),
                '\n' => result.Append("\\n"),
                '\r' => result.Append("\\r"),
                '\t' => result.Append("\\t"),
                < 0x20 or (>= 0x7F and <= 0xA0) => result.Append(CultureInfo.InvariantCulture, $"\\x{rune.Value:X2}"),

                // Line breaks of YAML 1.1, the byte-order mark, and what is not a character.
                0x2028 or 0x2029 or 0xFEFF or 0xFFFE or 0xFFFF => result.Append(CultureInfo.InvariantCulture, $"\\u{rune.Value:X4}"),
                _ => result.Append(rune.ToString()),
            };
        }

        return result.Append('"').ToString();
    }

    [GeneratedRegex(@"^[A-Za-z/_][A-Za-z0-9_./\-]*\z")]
    private static partial Regex Word();

    [GeneratedRegex(@"^(true|false|null|yes|no|on|off|y|n)\z", RegexOptions.IgnoreCase)]
    private static partial Regex Reserved();

    [GeneratedRegex(@"^[1-9][0-9]{0,5}[wdhms]\z")]
    private static partial Regex ShortDuration();
}
