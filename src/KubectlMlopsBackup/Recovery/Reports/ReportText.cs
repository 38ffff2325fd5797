using KubectlMlopsBackup.Output;
using KubectlMlopsBackup.Recovery.Checks;

namespace KubectlMlopsBackup.Recovery.Reports;

/// <summary>A report on a terminal: the verdict first, then what it is made of.</summary>
internal static class ReportText
{
    /// <param name="terminalWidth">Characters; null where it is no terminal.</param>
    public static void Write(TextWriter output, Terminal terminal, RecoveryReport report, string? id = null, int? terminalWidth = null)
    {
        output.Write($"{Verdict(new Paint(terminal.HasColor), report.Verdict)}: {Clean($"{ReportWords.Of(report.Kind)} of {report.Plan}, {ReportWords.Date(report.Started)}")}\n");
        output.Write($"{Clean(ReportWords.Headline(report))}\n\n");
        var facts = new TableWriter(new TableColumn("Measure"), new TableColumn("Is"), new TableColumn("Target"), new TableColumn("Verdict"));
        Add(facts, "RTO", report.Rto);
        Add(facts, "RPO", report.Rpo);
        facts.Add("checks", ReportWords.Checks(report), "all", report.Checks.Count > 0 && report.Checks.All(c => c.Outcome == CheckOutcome.Passed) ? "met" : "not met");
        foreach (var count in report.Counts)
        {
            facts.Add(count.Name, ReportWords.Count(count, count.Actual), ReportWords.Count(count, count.Expected), count.IsEqual ? "equal" : "DIFFERS");
        }

        facts.Write(output, terminalWidth: terminalWidth);
        WriteSteps(output, report, terminalWidth);
        if (report.Checks.Count > 0)
        {
            output.Write("\n");
            Table(report.Checks).Write(output, terminalWidth: terminalWidth);
        }

        foreach (var reason in report.Verdict == ReportVerdict.Passed ? [] : ReportJudge.Reasons(report))
        {
            output.Write($"\nwhy: {Clean(reason)}");
        }

        if (report.Fix is { } fix)
        {
            output.Write($"\n  fix: {Clean(fix)}");
        }

        foreach (var warning in report.Warnings)
        {
            output.Write($"\nwarning: {Clean(warning)}");
        }

        output.Write(report.Verdict != ReportVerdict.Passed || report.Warnings.Count > 0 ? "\n\n" : "\n");
        if (report.Point is { } point)
        {
            output.Write($"recovery point {Clean(point.Id ?? "none")} of {ReportWords.Date(point.Time)}, from the repository {Clean(point.Repository)}\n");
        }

        if (ReportWords.Comparison(report) is { } comparison)
        {
            output.Write($"{comparison}\n");
        }

        if (id is not null)
        {
            output.Write($"report {id}\n");
        }
    }

    /// <summary>Checks alone.</summary>
    public static TableWriter Table(IEnumerable<CheckResult> checks)
    {
        var table = new TableWriter(new TableColumn("Check"), new TableColumn("Outcome"), new TableColumn("Took"), new TableColumn("Evidence"));
        foreach (var check in checks)
        {
            table.Add(
                check.Name,
                check.Outcome switch { CheckOutcome.Failed => "FAILED", CheckOutcome.Warned => "warns", CheckOutcome.Skipped => "not run", _ => "passed" },
                ReportWords.Time(check.Seconds),
                check.Evidence);
        }

        return table;
    }

    private static void WriteSteps(TextWriter output, RecoveryReport report, int? terminalWidth)
    {
        if (report.Steps.Count == 0)
        {
            return;
        }

        var table = new TableWriter(new TableColumn("Step"), new TableColumn("Outcome"), new TableColumn("Took"), new TableColumn("Detail"));
        foreach (var step in report.Steps)
        {
            var ran = step.Outcome is not (StepOutcome.NotRun or StepOutcome.Skipped);
            table.Add(
                step.Name,
                step.Outcome switch { StepOutcome.Failed => "FAILED", StepOutcome.NotRun => "not run", _ => step.Outcome.ToString().ToLowerInvariant() },
                ran ? ReportWords.Time(step.Seconds) : "-",
                step.Detail ?? "-");
        }

        output.Write("\n");
        table.Write(output, terminalWidth: terminalWidth);
    }

    private static void Add(TableWriter table, string name, Measure? measure)
    {
        if (measure is not null)
        {
            table.Add(name, ReportWords.Time(measure.Seconds), ReportWords.Time(measure.TargetSeconds), measure.IsMet ? "met" : "MISSED");
        }
    }

    private static string Verdict(Paint paint, ReportVerdict verdict)
    {
        var word = ReportWords.Of(verdict).ToUpperInvariant();
        return paint.Bold(verdict switch
        {
            ReportVerdict.Passed => paint.Green(word),
            ReportVerdict.Failed => paint.Red(word),
            _ => paint.Yellow(word),
        });
    }

    private static string Clean(string text) => PlainText.Clean(text);
}
