using System.Globalization;
using KubectlMlopsBackup.Output;
using KubectlMlopsBackup.Recovery.Checks;

namespace KubectlMlopsBackup.Recovery.Reports;

/// <summary>The same words in every format of a report.</summary>
internal static class ReportWords
{
    private const int LongestHeadline = 180;

    public static string Of(ReportKind kind) => kind switch
    {
        ReportKind.Drill => "Recovery drill",
        ReportKind.Recovery => "Recovery",
        _ => "Restore",
    };

    /// <summary>For large letters.</summary>
    public static string Of(ReportVerdict verdict) => verdict switch
    {
        ReportVerdict.Passed => "Passed",
        ReportVerdict.Incomplete => "Incomplete",
        ReportVerdict.Missed => "Target missed",
        ReportVerdict.Cancelled => "Cancelled",
        _ => "Failed",
    };

    /// <summary>One sentence for who has five seconds.</summary>
    public static string Headline(RecoveryReport report)
    {
        if (report.Verdict != ReportVerdict.Passed)
        {
            var reasons = ReportJudge.Reasons(report);
            var first = report.Verdict == ReportVerdict.Cancelled ? $"Stopped after {Time(report.Duration().TotalSeconds)}"
                : reasons.Count > 0 ? Sentence(reasons[0])
                : "It did not come to its end";
            return reasons.Count > 1 && report.Verdict != ReportVerdict.Cancelled ? $"{first} (and {reasons.Count - 1} more)" : first;
        }

        return $"The platform came back{(report.Rto is { } rto ? $" in {Time(rto.Seconds)}" : "")}{(report.Rpo is { } rpo ? $", {Time(rpo.Seconds)} of work lost" : "")}.";
    }

    public static string Time(double seconds) => Humanize.Duration(TimeSpan.FromSeconds(Math.Clamp(seconds, -1e9, 1e9)));

    public static string Date(DateTimeOffset time) => time.UtcDateTime.ToString("yyyy-MM-dd HH:mm:ss 'UTC'", CultureInfo.InvariantCulture);

    public static string Day(DateTimeOffset time) => time.UtcDateTime.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture);

    /// <param name="value">One of the two.</param>
    public static string Count(ReportCount count, long value) => count.Bytes ? Humanize.Bytes(value) : Humanize.Count(value);

    /// <summary>Passed of all, such as <c>11 of 12</c>.</summary>
    public static string Checks(RecoveryReport report) =>
        $"{report.Checks.Count(c => c.Outcome == CheckOutcome.Passed)} of {report.Checks.Count}";

    /// <summary>How long it took beside earlier runs that passed; null where there are none, or this one came to no time.</summary>
    public static string? Comparison(RecoveryReport report)
    {
        var past = report.Past.Where(p => p is { Verdict: ReportVerdict.Passed, RtoSeconds: > 0 }).Take(5).Select(p => p.RtoSeconds!.Value).Order().ToList();
        if (past.Count == 0 || report.Rto is not { } rto)
        {
            return null;
        }

        var median = past.Count % 2 == 1 ? past[past.Count / 2] : (past[(past.Count / 2) - 1] + past[past.Count / 2]) / 2;
        var change = (rto.Seconds - median) / median;
        var runs = past.Count == 1 ? "the last one that passed" : $"the median of the last {past.Count} that passed";
        return Math.Abs(change) < 0.05
            ? $"As fast as {runs} ({Time(median)})."
            : $"{Humanize.Percent(Math.Abs(change))} {(change > 0 ? "slower" : "faster")} than {runs} ({Time(median)}).";
    }

    /// <summary>An error may be a page long; all of it stands further below.</summary>
    private static string Sentence(string text) => text.Length == 0 ? text : PlainText.Cut(char.ToUpperInvariant(text[0]) + text[1..], LongestHeadline);
}
