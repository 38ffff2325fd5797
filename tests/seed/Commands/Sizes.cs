using System.Globalization;

namespace KubectlMlopsBackup.Seed.Commands;

/// <summary>Sizes such as 300MiB, 4GiB, 512 and ranges such as 1KiB-4KiB; shares such as 15%.</summary>
internal static class Sizes
{
    /// <exception cref="SeedError">Not a size.</exception>
    public static long Bytes(string option, string text)
    {
        var digits = text.TakeWhile(c => char.IsAsciiDigit(c) || c == '.').Count();
        var factor = text[digits..].Trim().ToUpperInvariant() switch
        {
            "" or "B" => 1L,
            "KIB" or "KI" or "K" => 1L << 10,
            "MIB" or "MI" or "M" => 1L << 20,
            "GIB" or "GI" or "G" => 1L << 30,
            "TIB" or "TI" or "T" => 1L << 40,
            _ => 0,
        };
        return factor > 0 && double.TryParse(text[..digits], CultureInfo.InvariantCulture, out var number)
            ? (long)(number * factor)
            : throw new SeedError($"{option}: cannot read \"{text}\" as a size; want e.g. 300MiB");
    }

    /// <exception cref="SeedError">Not a range of sizes.</exception>
    public static (int Min, int Max) Range(string option, string text)
    {
        var parts = text.Split('-');
        return parts.Length == 2
            ? ((int)Bytes(option, parts[0]), (int)Bytes(option, parts[1]))
            : throw new SeedError($"{option}: cannot read \"{text}\"; want MIN-MAX, e.g. 1KiB-4KiB");
    }

    /// <returns>0.15 for 15%.</returns>
    /// <exception cref="SeedError">Not a share.</exception>
    public static double Share(string option, string text)
    {
        return double.TryParse(text.TrimEnd('%'), CultureInfo.InvariantCulture, out var number)
            ? number / 100
            : throw new SeedError($"{option}: cannot read \"{text}\"; want e.g. 15%");
    }
}
