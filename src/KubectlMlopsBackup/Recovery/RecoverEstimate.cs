using KubectlMlopsBackup.Recovery.Reports;
using KubectlMlopsBackup.Recovery.Steps;

namespace KubectlMlopsBackup.Recovery;

/// <summary>The steps of a recovery, with what they took the last time.</summary>
/// <param name="Seconds">All of it; null where it was never done.</param>
/// <param name="TargetSeconds">The RTO.</param>
/// <param name="Last"><c>drill</c> or <c>recovery</c>: what the times are from; null where there are none.</param>
internal sealed record RecoverEstimate(IReadOnlyList<EstimatedStep> Steps, double? Seconds, double TargetSeconds, string? Last)
{
    private static readonly (string Name, string Title)[] Order =
    [
        (StepNames.Namespace, "namespace"),
        (StepNames.Pause, "schedules paused"),
        (StepNames.Configuration, "configuration restored"),
        (StepNames.DatabaseUp, "PostgreSQL up and ready"),
        (StepNames.Database, "database restored"),
        (StepNames.Artifacts, "MLflow artifacts restored"),
        (StepNames.Mlflow, "MLflow up"),
        (StepNames.Application, "application up"),
        (StepNames.Monitoring, "monitoring up"),
        (StepNames.Schedules, "schedules"),
        (StepNames.Checks, "checks"),
    ];

    /// <param name="last">The last drill or recovery that came to its end; null where there was none.</param>
    public static RecoverEstimate Of(RecoverOptions options, IReadOnlyList<string> hook, RecoveryReport? last)
    {
        var steps = HookCommand.Between(
            Order, options.Installed.Spec.Recovery.Hooks, s => s.Name, h => (Name: HookCommand.StepName(h), Title: HookCommand.Title(h)));
        if (hook.Count > 0)
        {
            steps = steps.Prepend((StepNames.Infrastructure, $"infrastructure: {hook[0]}"));
        }

        return new RecoverEstimate(
            [.. steps.Select(s => new EstimatedStep(s.Name, s.Title, last?.Steps.FirstOrDefault(l => l.Name == s.Title && l.Outcome is StepOutcome.Done or StepOutcome.Incomplete)?.Seconds))],
            last?.Rto?.Seconds,
            options.Installed.Spec.Recovery.RtoDuration().TotalSeconds,
            last?.Kind.ToString().ToLowerInvariant());
    }
}

/// <param name="Name">As the journal knows it.</param>
/// <param name="Step">For people.</param>
/// <param name="Seconds">Null where it was not done the last time.</param>
internal sealed record EstimatedStep(string Name, string Step, double? Seconds);
