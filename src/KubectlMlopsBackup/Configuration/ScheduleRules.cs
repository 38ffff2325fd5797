using Cronos;

namespace KubectlMlopsBackup.Configuration;

/// <summary>
/// A schedule is run by Kubernetes (robfig/cron) and reasoned about here by Cronos:
/// what the two read differently is refused.
/// </summary>
internal static class ScheduleRules
{
    private const string Wanted = "five cron fields (minute hour day month weekday), such as \"0 2 * * *\"";

    /// <summary>One missed hour a year (summer time) does not make a nightly backup break an RPO of 24 hours.</summary>
    private static readonly TimeSpan Slack = TimeSpan.FromHours(1);

    /// <summary>Any fixed year will do: a check that depends on today's date would fail on some days only.</summary>
    private static readonly DateTimeOffset From = new(2025, 1, 1, 0, 0, 0, TimeSpan.Zero);

    public static void Check(string path, string? schedule, string timeZone, TimeSpan? rpo, PlanProblems problems)
    {
        if (schedule is null)
        {
            return;
        }

        if (!CronFields.AreCommon(schedule, out var why) || !CronExpression.TryParse(schedule, CronFormat.Standard, out var cron))
        {
            problems.Add(path, schedule, Wanted + (why is null ? "" : $": {why}"));
            return;
        }

        var fields = schedule.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries);
        if (IsRestricted(fields[2]) && IsRestricted(fields[4]))
        {
            // Kubernetes runs when either matches, Cronos when both do: no gap can be worked out.
            return;
        }

        var zone = PlanTimeZone.IsKnown(timeZone) && TimeZoneInfo.TryFindSystemTimeZoneById(timeZone, out var found) ? found : TimeZoneInfo.Utc;
        if (cron!.GetNextOccurrence(From, zone) is not { } first)
        {
            problems.Add(path, schedule, "a schedule that comes due: this day never exists");
        }
        else if (rpo is { } limit && LongestGap(cron, zone, first, limit + Slack) is { } gap)
        {
            problems.Add(path, schedule, $"backups at least every {Hours(limit)} (spec.recovery.rpo): this schedule leaves {Hours(gap)} between two");
        }
    }

    private static bool IsRestricted(string field) => !field.StartsWith('*') && field != "?";

    private static string Hours(TimeSpan span) => $"{Math.Round(span.TotalHours, 1)}h";

    /// <returns>The longest gap of the first year, or null if none is longer than the limit.</returns>
    private static TimeSpan? LongestGap(CronExpression cron, TimeZoneInfo zone, DateTimeOffset first, TimeSpan limit)
    {
        TimeSpan? longest = null;
        var end = first.AddDays(367);
        for (var last = first; last < end;)
        {
            if (cron.GetNextOccurrence(last, zone) is not { } next)
            {
                break;
            }

            if (next - last > limit && next - last > (longest ?? TimeSpan.Zero))
            {
                longest = next - last;
            }

            last = next;
        }

        return longest;
    }
}
