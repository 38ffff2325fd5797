using KubectlMlopsBackup.Output;
using KubectlMlopsBackup.Recovery;
using KubectlMlopsBackup.Recovery.Reports;

namespace KubectlMlopsBackup.Commands;

/// <summary>What a recovery would do, and how long it took the last time.</summary>
internal static class RecoverPreview
{
    /// <returns><see cref="ExitCode.CheckFailed"/> where the last time was longer than the RTO.</returns>
    /// <param name="last">Of the last drill or recovery; null where there was none.</param>
    public static ExitCode Show(VerbContext context, RecoveryReport? last, RecoverOptions options, IReadOnlyList<string> hook)
    {
        var estimate = RecoverEstimate.Of(options, hook, last);
        context.Print(
            estimate,
            RecoverJson.Default.RecoverEstimate,
            e =>
            {
                var table = new TableWriter(new TableColumn("Step"), new TableColumn("Took last time"));
                foreach (var step in e.Steps)
                {
                    table.Add(step.Step, step.Seconds is { } seconds ? ReportWords.Time(seconds) : "-");
                }

                return table;
            },
            e => e.Steps.Select(s => $"step/{s.Name}"));
        context.Say("");
        context.Say($"back to {options.Point.Time:u}, recovery point {options.Point.Id[..8]} from the repository {options.Point.Repository}, into namespace {options.Namespace}");
        context.Say(estimate.Seconds is { } total
            ? $"about {ReportWords.Time(total)}, as in the {estimate.Last} of {last!.Started:u}; the RTO is {ReportWords.Time(estimate.TargetSeconds)}"
            : "no drill and no recovery was ever reported: run a drill to know how long it takes");
        return estimate.Seconds > estimate.TargetSeconds ? ExitCode.CheckFailed : ExitCode.Done;
    }
}
