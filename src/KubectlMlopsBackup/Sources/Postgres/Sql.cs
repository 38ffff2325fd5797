using System.Text;

namespace KubectlMlopsBackup.Sources.Postgres;

/// <summary>Quoting, for statements that take no parameters.</summary>
internal static class Sql
{
    /// <summary>NAMEDATALEN - 1: the server cuts longer names without a word.</summary>
    public const int MaxNameBytes = 63;

    public static string Identifier(string name) => $"\"{name.Replace("\"", "\"\"", StringComparison.Ordinal)}\"";

    /// <summary>A string literal that means the same whatever <c>standard_conforming_strings</c> says.</summary>
    public static string Literal(string value)
    {
        var quoted = value.Replace("'", "''", StringComparison.Ordinal);
        return value.Contains('\\', StringComparison.Ordinal)
            ? $" E'{quoted.Replace("\\", "\\\\", StringComparison.Ordinal)}'"
            : $"'{quoted}'";
    }

    /// <summary>Cuts a name to so many bytes of UTF-8, never inside a character.</summary>
    public static string Cut(string name, int maxBytes)
    {
        if (Encoding.UTF8.GetByteCount(name) <= maxBytes)
        {
            return name;
        }

        var result = new StringBuilder();
        var bytes = 0;
        foreach (var rune in name.EnumerateRunes())
        {
            bytes += rune.Utf8SequenceLength;
            if (bytes > maxBytes)
            {
                break;
            }

            result.Append(rune);
        }

        return result.ToString();
    }
}
