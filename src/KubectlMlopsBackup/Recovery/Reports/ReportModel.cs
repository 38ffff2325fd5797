using System.Globalization;
using KubectlMlopsBackup.Recovery.Checks;
using Scriban.Runtime;

namespace KubectlMlopsBackup.Recovery.Reports;

/// <summary>What the templates of a report get. Every text has been through the format's own escaping: the templates add no text of others.</summary>
/// <param name="report">Of whatever origin.</param>
/// <param name="id">Of the stored report; null where it is not stored.</param>
/// <param name="escape">Makes a text safe in the format.</param>
internal sealed class ReportModel(RecoveryReport report, string? id, Func<string, string> escape)
{
    /// <summary>Rows of a list: more is no honest report, and the templates' loops have a limit.</summary>
    private const int MostRows = 500;

    /// <summary>Earlier runs in the comparison.</summary>
    private const int MostPast = 11;

    /// <summary>Bars shorter than this would not be seen. Percent.</summary>
    private const double ShortestBar = 0.4;

    public ScriptObject Make() => new()
    {
        ["id"] = Text(id),
        ["kind"] = Text(ReportWords.Of(report.Kind)),
        ["verdict"] = Text(ReportWords.Of(report.Verdict)),
        ["tone"] = Tone(report.Verdict),
        ["headline"] = Text(ReportWords.Headline(report)),
        ["reasons"] = Texts(report.Verdict == ReportVerdict.Passed ? [] : ReportJudge.Reasons(report)),
        ["fix"] = Text(report.Fix),
        ["plan"] = Text(report.Plan),
        ["target"] = Text(report.Target),
        ["started"] = Text(ReportWords.Date(report.Started)),
        ["finished"] = Text(ReportWords.Date(report.Finished)),
        ["took"] = Text(ReportWords.Time(report.Duration().TotalSeconds)),
        ["rto"] = Of(report.Rto),
        ["rpo"] = Of(report.Rpo),
        ["point"] = report.Point is { } point ? Of(point) : null,
        ["steps"] = Steps(),
        ["ticks"] = Ticks(),
        ["checks"] = Checks(),
        ["checksPassed"] = Text(ReportWords.Checks(report)),
        ["checksTone"] = ChecksTone(),
        ["counts"] = Counts(),
        ["equal"] = report.Counts.Count(c => c.IsEqual),
        ["warnings"] = Texts(report.Warnings),
        ["versions"] = Versions(),
        ["past"] = Past(),
        ["comparison"] = Text(ReportWords.Comparison(report)),
    };

    private double Total => Math.Max(0.001, Math.Max(
        report.Duration().TotalSeconds,
        report.Steps.Where(s => s.Started is not null).Select(s => Offset(s) + s.Seconds).DefaultIfEmpty(0).Max()));

    private static string Tone(ReportVerdict verdict) => verdict switch
    {
        ReportVerdict.Passed => "good",
        ReportVerdict.Incomplete or ReportVerdict.Missed => "fair",
        ReportVerdict.Cancelled => "none",
        _ => "bad",
    };

    private static string Tone(StepOutcome outcome) => outcome switch
    {
        StepOutcome.Done => "good",
        StepOutcome.Incomplete => "fair",
        StepOutcome.Failed => "bad",
        _ => "none",
    };

    private static string Tone(CheckOutcome outcome) => outcome switch
    {
        CheckOutcome.Passed => "good",
        CheckOutcome.Warned => "fair",
        CheckOutcome.Failed => "bad",
        _ => "none",
    };

    /// <summary>For who does not see colours.</summary>
    private static string Word(StepOutcome outcome) => outcome switch
    {
        StepOutcome.Done => "done",
        StepOutcome.Incomplete => "incomplete",
        StepOutcome.Failed => "failed",
        StepOutcome.Skipped => "skipped",
        _ => "not run",
    };

    private static string Word(CheckOutcome outcome) => outcome switch
    {
        CheckOutcome.Passed => "passed",
        CheckOutcome.Warned => "warns",
        CheckOutcome.Failed => "failed",
        _ => "not run",
    };

    private string? Text(string? text) => text is null ? null : escape(text);

    private ScriptArray Texts(IEnumerable<string> texts) => new(texts.Take(MostRows).Select(t => Text(t)));

    private ScriptObject? Of(Measure? measure) => measure is null ? null : new ScriptObject
    {
        ["value"] = Text(ReportWords.Time(measure.Seconds)),
        ["target"] = Text(ReportWords.Time(measure.TargetSeconds)),
        ["met"] = measure.IsMet,
        ["tone"] = measure.IsMet ? "good" : "bad",
        ["left"] = Text(ReportWords.Time(Math.Abs(measure.TargetSeconds - measure.Seconds))),
        // Where it is missed the whole bar is what it took, and the target is a mark in it.
        ["fill"] = Percent(measure.IsMet ? Math.Max(measure.Seconds / measure.TargetSeconds * 100, 1) : 100),
        ["mark"] = measure.IsMet ? null : Percent(measure.TargetSeconds / measure.Seconds * 100),
    };

    private ScriptObject Of(ReportedPoint point) => new()
    {
        ["id"] = Text(point.Id),
        ["repository"] = Text(point.Repository),
        ["time"] = Text(ReportWords.Date(point.Time)),
        ["snapshots"] = new ScriptArray(point.Snapshots.Take(MostRows).Select(s => new ScriptObject
        {
            ["component"] = Text(s.Component),
            ["id"] = Text(s.Id),
            ["time"] = Text(ReportWords.Date(s.Time)),
        })),
    };

    private ScriptArray Steps()
    {
        var total = Total;
        return new ScriptArray(report.Steps.Take(MostRows).Select(s => new ScriptObject
        {
            ["name"] = Text(s.Name),
            ["tone"] = Tone(s.Outcome),
            ["outcome"] = Word(s.Outcome),
            ["ran"] = s.Started is not null && s.Outcome is not (StepOutcome.NotRun or StepOutcome.Skipped),
            ["took"] = s.Started is not null && s.Outcome is not (StepOutcome.NotRun or StepOutcome.Skipped) ? Text(ReportWords.Time(s.Seconds)) : Word(s.Outcome),
            ["detail"] = string.IsNullOrWhiteSpace(s.Detail) ? null : Text(s.Detail),
            ["left"] = Percent(Math.Min(Offset(s) / total * 100, 100 - ShortestBar)),
            ["width"] = Percent(Math.Max(s.Seconds / total * 100, ShortestBar)),
        }));
    }

    private double Offset(ReportStep step) => step.Started is { } started ? Math.Max((started - report.Started).TotalSeconds, 0) : 0;

    /// <summary>Four to eight round times along the timeline.</summary>
    private ScriptArray Ticks()
    {
        double[] rounds = [0.1, 0.2, 0.5, 1, 2, 5, 10, 15, 30, 60, 120, 300, 600, 900, 1800, 3600, 7200, 14_400, 21_600, 43_200, 86_400];
        var total = Total;
        var every = rounds.FirstOrDefault(r => total / r <= 8, Math.Ceiling(total / 6 / 86_400) * 86_400);
        var ticks = new ScriptArray();
        // The last one's label needs room before the end.
        for (var at = 0d; at <= total * 0.92; at += every)
        {
            ticks.Add(new ScriptObject { ["left"] = Percent(at / total * 100), ["time"] = at == 0 ? "0" : Text(ReportWords.Time(at)) });
        }

        return ticks;
    }

    private ScriptArray Checks() => new(report.Checks.Take(MostRows).Select(c => new ScriptObject
    {
        ["name"] = Text(c.Name),
        ["kind"] = Text(c.Kind),
        ["tone"] = Tone(c.Outcome),
        ["outcome"] = Word(c.Outcome),
        ["failed"] = c.Outcome == CheckOutcome.Failed,
        ["skipped"] = c.Outcome == CheckOutcome.Skipped,
        ["evidence"] = Text(c.Evidence),
        ["took"] = Text(ReportWords.Time(c.Seconds)),
        ["seconds"] = Number(c.Seconds),
        ["attempts"] = c.Attempts,
    }));

    private string ChecksTone() =>
        report.Checks.Any(c => c.Outcome == CheckOutcome.Failed) ? "bad"
        : report.Checks.Count == 0 || report.Checks.Any(c => c.Outcome != CheckOutcome.Passed) ? "fair" : "good";

    private ScriptArray Counts() => new(report.Counts.Take(MostRows).Select(c => new ScriptObject
    {
        ["name"] = Text(c.Name),
        ["expected"] = Text(ReportWords.Count(c, c.Expected)),
        ["actual"] = Text(ReportWords.Count(c, c.Actual)),
        ["equal"] = c.IsEqual,
    }));

    private ScriptArray Versions() => new(new (string Name, string? Version)[]
    {
        ("kubectl-mlopsbackup", report.Versions.Tool),
        ("PostgreSQL", report.Versions.Postgres),
        ("Kubernetes", report.Versions.Kubernetes),
        ("MLflow", report.Versions.Mlflow),
    }.Where(v => v.Version is not null).Select(v => new ScriptObject { ["name"] = v.Name, ["version"] = Text(v.Version) }));

    /// <summary>Oldest first, this run last. Null where there is nothing to compare with.</summary>
    private ScriptArray? Past()
    {
        if (report.Past.Count == 0)
        {
            return null;
        }

        var runs = report.Past.Take(MostPast).Reverse().Select(p => (p.Started, p.Verdict, p.RtoSeconds, This: false))
            .Append((report.Started, report.Verdict, RtoSeconds: report.Rto?.Seconds, This: true)).ToList();
        var longest = Math.Max(runs.Max(r => r.RtoSeconds ?? 0), 0.001);
        return new ScriptArray(runs.Select(r => new ScriptObject
        {
            ["day"] = Text(ReportWords.Day(r.Started)),
            ["label"] = r.This ? "now" : Text(ReportWords.Day(r.Started)[5..]),
            ["verdict"] = Text(ReportWords.Of(r.Verdict)),
            ["tone"] = Tone(r.Verdict),
            ["took"] = r.RtoSeconds is { } seconds ? Text(ReportWords.Time(seconds)) : "–",
            ["height"] = Percent(r.RtoSeconds is { } rto ? Math.Max(rto / longest * 100, 2) : 4),
            ["current"] = r.This,
        }));
    }

    private static string Percent(double value) => Number(Math.Clamp(double.IsFinite(value) ? value : 0, 0, 100)) + "%";

    private static string Number(double value) => Math.Round(double.IsFinite(value) ? value : 0, 3).ToString("0.###", CultureInfo.InvariantCulture);
}
