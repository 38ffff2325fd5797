using System.Globalization;

namespace KubectlMlopsBackup.Configuration;

/// <summary>
/// Durations as the plan writes them: whole numbers with a unit, largest first, such as <c>7d</c>, <c>24h</c>, <c>1h30m</c>.
/// Units: <c>w</c>, <c>d</c> (24 hours), <c>h</c>, <c>m</c>, <c>s</c>.
/// </summary>
internal static class PlanDuration
{
    public const string Wanted = "a duration such as 90m, 24h, 7d or 1w";

    /// <summary>Longer than any retention that law asks for; keeps date arithmetic far from its limits.</summary>
    public static readonly TimeSpan Longest = TimeSpan.FromDays(36_500);

    private const string Units = "wdhms";
    private static readonly long[] Seconds = [7 * 86_400, 86_400, 3_600, 60, 1];

    /// <returns>False for whatever is not such a text, is zero, or is longer than <see cref="Longest"/>.</returns>
    public static bool TryParse(string text, out TimeSpan duration)
    {
        duration = default;
        long total = 0;
        var nextUnit = 0;
        for (var at = 0; at < text.Length;)
        {
            var start = at;
            while (at < text.Length && char.IsAsciiDigit(text[at]))
            {
                at++;
            }

            // Ten digits of weeks still fit in a long, and are past the upper bound in every unit that matters.
            if (at == start || at - start > 10 || at == text.Length)
            {
                return false;
            }

            var unit = Units.IndexOf(text[at], nextUnit);
            if (unit < 0)
            {
                return false;
            }

            total += long.Parse(text.AsSpan(start, at - start), NumberStyles.None, CultureInfo.InvariantCulture) * Seconds[unit];
            nextUnit = unit + 1;
            at++;
        }

        if (total <= 0 || total > (long)Longest.TotalSeconds)
        {
            return false;
        }

        duration = TimeSpan.FromSeconds(total);
        return true;
    }

    /// <exception cref="FormatException">The text has not been through <see cref="PlanValidator"/>.</exception>
    public static TimeSpan Parse(string text) =>
        TryParse(text, out var duration) ? duration : throw new FormatException($"\"{text}\" is not {Wanted}");
}
