using KubectlMlopsBackup.Recovery.Checks;

namespace KubectlMlopsBackup.Recovery.Reports;

/// <summary>Comes from what happened to a verdict, to an exit code, and to one sentence.</summary>
internal static class ReportJudge
{
    /// <summary>The report with the verdict that it deserves.</summary>
    /// <param name="report">Whose verdict does not count.</param>
    /// <param name="cancelled">Somebody stopped it.</param>
    public static RecoveryReport Judge(RecoveryReport report, bool cancelled = false) => report with
    {
        Verdict = cancelled ? ReportVerdict.Cancelled
            : HasFailed(report) ? ReportVerdict.Failed
            : report.Rpo is { IsMet: false } || report.Rto is { IsMet: false } ? ReportVerdict.Missed
            : IsIncomplete(report) ? ReportVerdict.Incomplete
            : ReportVerdict.Passed,
    };

    public static ExitCode Code(RecoveryReport report) => report.Verdict switch
    {
        ReportVerdict.Passed => ExitCode.Done,
        ReportVerdict.Incomplete => ExitCode.Incomplete,
        ReportVerdict.Missed => ExitCode.CheckFailed,
        ReportVerdict.Cancelled => ExitCode.Cancelled,
        // What came back and is not right is another thing than what did not come back.
        _ => report.Error is null && !report.Steps.Any(s => s.Outcome == StepOutcome.Failed) ? ExitCode.CheckFailed : ExitCode.Failed,
    };

    /// <summary>Why the verdict is what it is, most important first. Empty where it passed.</summary>
    public static IReadOnlyList<string> Reasons(RecoveryReport report)
    {
        var reasons = new List<string>();
        reasons.AddRange(report.Steps.Where(s => s.Outcome == StepOutcome.Failed).Select(s => $"step \"{s.Name}\" failed{With(s.Detail)}"));
        // The failed step says the same.
        if (report.Error is { } error && reasons.Count == 0)
        {
            reasons.Add(error);
        }

        reasons.AddRange(Of(report, CheckOutcome.Failed, "failed"));
        Missed(reasons, "RTO", "took", report.Rto);
        Missed(reasons, "RPO", "lost", report.Rpo);
        reasons.AddRange(report.Steps.Where(s => s.Outcome == StepOutcome.Incomplete).Select(s => $"step \"{s.Name}\" left something out{With(s.Detail)}"));
        reasons.AddRange(report.Counts.Where(c => !c.IsEqual).Select(c => $"{c.Name}: {ReportWords.Count(c, c.Actual)} instead of {ReportWords.Count(c, c.Expected)}"));
        reasons.AddRange(Of(report, CheckOutcome.Warned, "warns"));
        reasons.AddRange(Of(report, CheckOutcome.Skipped, "was not run"));
        if (report is { Checks.Count: 0, Verdict: ReportVerdict.Incomplete })
        {
            reasons.Add("nothing was checked");
        }

        return reasons;
    }

    private static bool HasFailed(RecoveryReport report) =>
        report.Error is not null
        || report.Steps.Any(s => s.Outcome is StepOutcome.Failed or StepOutcome.NotRun)
        || report.Checks.Any(c => c.Outcome == CheckOutcome.Failed);

    /// <summary>What nobody checked is not proven.</summary>
    private static bool IsIncomplete(RecoveryReport report) =>
        report.Steps.Any(s => s.Outcome == StepOutcome.Incomplete)
        || report.Counts.Any(c => !c.IsEqual)
        || report.Checks.Count == 0
        || report.Checks.Any(c => c.Outcome is CheckOutcome.Warned or CheckOutcome.Skipped);

    private static IEnumerable<string> Of(RecoveryReport report, CheckOutcome outcome, string word) =>
        report.Checks.Where(c => c.Outcome == outcome).Select(c => $"check \"{c.Name}\" {word}{With(c.Evidence)}");

    private static void Missed(List<string> reasons, string name, string verb, Measure? measure)
    {
        if (measure is { IsMet: false })
        {
            reasons.Add($"{name} missed: {verb} {ReportWords.Time(measure.Seconds)}, and {ReportWords.Time(measure.TargetSeconds)} are allowed");
        }
    }

    private static string With(string? detail) => string.IsNullOrWhiteSpace(detail) ? "" : $": {detail}";
}
