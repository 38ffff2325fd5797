namespace KubectlMlopsBackup.Output;

/// <summary>A row of figures as a row of bars.</summary>
internal static class Sparkline
{
    private const string Bars = "▁▂▃▅▇";
    private const string Ascii = "_.-+#";

    /// <summary>From the least to the most of the figures; all the lowest bar where they are nearly one.</summary>
    /// <returns>Empty for fewer than two.</returns>
    public static string Of(IReadOnlyList<double> figures, bool unicode)
    {
        if (figures.Count < 2)
        {
            return "";
        }

        var bars = unicode ? Bars : Ascii;
        var least = figures.Min();
        // A change of less than a hundredth is no trend.
        var range = Math.Max(figures.Max() - least, figures.Max() / 100);
        return string.Concat(figures.Select(f => bars[range > 0 ? (int)Math.Round((f - least) / range * (bars.Length - 1)) : 0]));
    }
}
