using Cronos;
using KubectlMlopsBackup.Configuration;

namespace KubectlMlopsBackup.InCluster.Status;

/// <summary>When a CronJob is due.</summary>
internal sealed class CronSchedule
{
    private readonly IReadOnlyList<CronExpression> expressions;
    private readonly TimeZoneInfo zone;

    private CronSchedule(IReadOnlyList<CronExpression> expressions, TimeZoneInfo zone)
    {
        this.expressions = expressions;
        this.zone = zone;
    }

    /// <param name="timeZone">Null for the cluster's own, which is nearly always UTC.</param>
    /// <returns>Null where this machine knows no such time zone, or somebody wrote what is no schedule.</returns>
    public static CronSchedule? Parse(string schedule, string? timeZone)
    {
        TimeZoneInfo zone;
        try
        {
            zone = timeZone is null ? TimeZoneInfo.Utc : PlanTimeZone.Find(timeZone);
        }
        catch (UserError)
        {
            return null;
        }

        var fields = schedule.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries);
        if (fields.Length != 5)
        {
            return null;
        }

        // Of a day and a weekday Kubernetes wants either, Cronos both.
        string[] texts = fields[2][0] is '*' or '?' || fields[4][0] is '*' or '?'
            ? [schedule]
            : [string.Join(' ', [.. fields[..4], "*"]), string.Join(' ', [.. fields[..2], "*", .. fields[3..]])];
        var expressions = new List<CronExpression>();
        foreach (var text in texts)
        {
            if (!CronExpression.TryParse(text, CronFormat.Standard, out var expression))
            {
                return null;
            }

            expressions.Add(expression!);
        }

        return new CronSchedule(expressions, zone);
    }

    /// <returns>Null where it never comes due again.</returns>
    public DateTimeOffset? After(DateTimeOffset time) =>
        expressions.Select(e => e.GetNextOccurrence(time, zone)).Where(t => t is not null).Min()?.ToUniversalTime();

    /// <summary>Between the next two.</summary>
    public TimeSpan? Interval(DateTimeOffset now) => After(now) is { } first && After(first) is { } second ? second - first : null;
}
