using KubectlMlopsBackup.Diagnostics;
using KubectlMlopsBackup.Output;

namespace KubectlMlopsBackup.Commands;

/// <summary>A diagnosis for people: the verdict, then what is wrong with its fix, worst first; what is well in few words.</summary>
/// <param name="wide">With what was seen where all is well.</param>
internal sealed class DoctorTable(TextWriter output, Terminal terminal, bool wide)
{
    private readonly Paint paint = new(terminal.HasColor);

    public void Write(DoctorReport report)
    {
        output.Write(Verdict(report) + "\n");
        foreach (var finding in report.Findings.Where(f => f.Fault is not null))
        {
            var word = finding.Verdict == FindingVerdict.Problem ? paint.Red("problem") : paint.Yellow("warning");
            output.Write($"\n{word} {paint.Bold(finding.Fault!)}: {finding.Title}\n  {PlainText.Clean(finding.Evidence)}\n");
            if (finding.Fix is { } fix)
            {
                output.Write($"  fix: {PlainText.Clean(fix)}\n");
            }
        }

        Rest(report, FindingVerdict.Skipped, "skipped");
        Rest(report, FindingVerdict.Ok, "ok");
    }

    private string Verdict(DoctorReport report)
    {
        var what = $"{report.Plan ?? "no plan"}{(report.Namespace is { } ns ? $" in namespace {ns}" : "")}";
        var word = report.Healthy ? paint.Bold(paint.Green("HEALTHY")) : paint.Bold(paint.Red("NOT HEALTHY"));
        return $"{word}: {PlainText.Clean(what)}: {Count(report.Count(FindingVerdict.Problem), "problem")}, {Count(report.Count(FindingVerdict.Warning), "warning")}, "
            + $"{report.Count(FindingVerdict.Ok)} ok, {report.Count(FindingVerdict.Skipped)} skipped, in {Humanize.Duration(TimeSpan.FromSeconds(report.Seconds))}";
    }

    /// <summary>Why something was skipped matters; what is well only to who asks.</summary>
    private void Rest(DoctorReport report, FindingVerdict verdict, string word)
    {
        var found = report.Findings.Where(f => f.Verdict == verdict).ToList();
        if (found.Count == 0)
        {
            return;
        }

        if (verdict == FindingVerdict.Ok && !wide)
        {
            output.Write($"\nok: {string.Join(", ", found.Select(f => f.Check).Distinct())}\n");
            return;
        }

        output.Write("\n");
        foreach (var finding in found)
        {
            output.Write($"{word} {finding.Check}: {PlainText.Clean(finding.Evidence)}\n");
            if (finding.Fix is { } fix)
            {
                output.Write($"  fix: {PlainText.Clean(fix)}\n");
            }
        }
    }

    private static string Count(int count, string word) => $"{count} {word}{(count == 1 ? "" : "s")}";
}
