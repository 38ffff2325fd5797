using System.Globalization;
using System.Text.RegularExpressions;

namespace KubectlMlopsBackup.Sources.Import;

/// <summary>When a backup was made, as its file's name says it.</summary>
internal static partial class ImportTime
{
    /// <param name="name">Such as <c>mlflow_20260101_020000.sql.gz</c>.</param>
    /// <param name="modified">Of the file.</param>
    /// <param name="zone">That the name's time is in, unless it ends in Z.</param>
    /// <param name="from"><c>name</c>, or <c>modified</c> where the name has no date.</param>
    public static DateTimeOffset Of(string name, DateTimeOffset modified, TimeZoneInfo zone, out string from)
    {
        var local = TimeZoneInfo.ConvertTime(modified, zone);
        foreach (Match match in Pattern().Matches(name))
        {
            var hasTime = match.Groups["H"].Success;
            var text = string.Concat(match.Groups["y"].Value, match.Groups["m"].Value, match.Groups["d"].Value)
                + (hasTime ? string.Concat(match.Groups["H"].Value, match.Groups["M"].Value, match.Groups["S"].Success ? match.Groups["S"].Value : "00") : "000000");
            if (!DateTime.TryParseExact(text, "yyyyMMddHHmmss", CultureInfo.InvariantCulture, DateTimeStyles.None, out var time))
            {
                continue;
            }

            from = "name";
            if (hasTime)
            {
                return match.Groups["Z"].Success ? new DateTimeOffset(time, TimeSpan.Zero) : InZone(time, zone);
            }

            // The day alone: the file knows the hour, if it was not touched since.
            return local.Date == time ? modified : InZone(time, zone);
        }

        from = "modified";
        return modified;
    }

    private static DateTimeOffset InZone(DateTime time, TimeZoneInfo zone) => new(time, zone.GetUtcOffset(time));

    [GeneratedRegex(
        @"(?<![0-9])(?<y>20[0-9]{2})[-_.]?(?<m>[0-9]{2})[-_.]?(?<d>[0-9]{2})(?:[-_.T]?(?<H>[0-9]{2})[-_.:h]?(?<M>[0-9]{2})(?:[-_.:m]?(?<S>[0-9]{2}))?(?<Z>Z)?)?(?![0-9])")]
    private static partial Regex Pattern();
}
