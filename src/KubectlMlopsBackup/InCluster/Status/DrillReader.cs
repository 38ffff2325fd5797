using KubectlMlopsBackup.Configuration;
using KubectlMlopsBackup.Repository.State;

namespace KubectlMlopsBackup.InCluster.Status;

/// <summary>Finds the newest drill in what is known of the repositories, and works out whether another is due. Status, metrics and alerts go by it.</summary>
internal static class DrillReader
{
    /// <summary>A drill on request is overdue after this: a quarter of a year.</summary>
    public static readonly TimeSpan Quarter = TimeSpan.FromDays(92);

    /// <summary>The kind of report that a drill leaves.</summary>
    private const string Kind = "drill";

    /// <summary>A drill takes hours at most, and a day in a quarter does not matter.</summary>
    private static readonly TimeSpan Grace = TimeSpan.FromDays(1);

    /// <param name="states">Of the plan's repositories: reports travel in them.</param>
    /// <param name="schedule">Of the CronJob; null where there is none, or nobody knows.</param>
    /// <returns>Null where the plan schedules none, and there was none.</returns>
    public static DrillStatus? Of(PlanSpec spec, IEnumerable<RepositoryState> states, DateTimeOffset now, ScheduleStatus? schedule = null)
    {
        var last = states.SelectMany(s => s.Reports).Where(r => r.Report == Kind).MaxBy(r => r.Time);
        if (last is null && spec.Recovery.Drill.Schedule is null)
        {
            return null;
        }

        return new DrillStatus
        {
            LastTime = last?.Time,
            AgeSeconds = last is null ? null : Math.Max(0, Math.Round((now - last.Time).TotalSeconds)),
            Verdict = last?.Verdict,
            Seconds = last?.Seconds,
            RtoSeconds = spec.Recovery.RtoDuration().TotalSeconds,
            Overdue = last is null ? schedule?.MissedSince + Grace < now : Due(spec, last.Time) + Grace < now,
            Schedule = schedule,
        };
    }

    /// <summary>When the next was due after that one.</summary>
    private static DateTimeOffset Due(PlanSpec spec, DateTimeOffset last) =>
        (spec.Recovery.Drill.Schedule is { } schedule ? CronSchedule.Parse(schedule, spec.TimeZone)?.After(last) : null) ?? last + Quarter;
}
