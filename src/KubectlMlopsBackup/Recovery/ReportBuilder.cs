using KubectlMlopsBackup.Cluster.Api;
using KubectlMlopsBackup.Configuration;
using KubectlMlopsBackup.Local;
using KubectlMlopsBackup.Recovery.Checks;
using KubectlMlopsBackup.Recovery.Journal;
using KubectlMlopsBackup.Recovery.Reports;
using KubectlMlopsBackup.Recovery.Steps;

namespace KubectlMlopsBackup.Recovery;

/// <summary>Makes the report of what a recovery or a drill came to.</summary>
internal static class ReportBuilder
{
    /// <param name="spec">Whose targets count.</param>
    /// <param name="kubernetes">The API server's version; null where it is not known.</param>
    /// <returns>Judged.</returns>
    public static RecoveryReport Of(RecoveryResult result, ReportKind kind, PlanSpec spec, string? kubernetes)
    {
        var began = result.Journal.Began;
        var failed = result.Failure is not null || result.Cancelled;
        return ReportJudge.Judge(
            new RecoveryReport
            {
                Kind = kind,
                Verdict = ReportVerdict.Failed,
                Plan = result.Journal.Plan,
                Target = result.Target,
                Started = began,
                Finished = result.Finished,
                Point = result.Point is { } point ? Of(point) : null,
                Rpo = result.Newest is { } newest ? new Measure(Math.Max(0, Math.Round((began - newest).TotalSeconds, 3)), spec.Recovery.RpoDuration().TotalSeconds) : null,
                Rto = result.Checked is { } end && !failed
                    ? new Measure(Math.Round((end - began).TotalSeconds, 3), spec.Recovery.RtoDuration().TotalSeconds)
                    : null,
                Steps = [.. result.Journal.Steps.Select(Of)],
                Checks = result.Checks,
                Counts = [.. result.Outcomes.SelectMany(Counts), .. result.Checks.SelectMany(Counts)],
                Versions = new ReportVersions(ToolVersion.Current, Kubernetes: kubernetes),
                Warnings = result.Warnings,
                Error = result.Failure?.Message,
                Fix = result.Failure switch { UserError user => user.Fix, ClusterException cluster => cluster.Fix, _ => null },
            },
            result.Cancelled);
    }

    private static ReportStep Of(JournalStep step) => new()
    {
        Name = step.Title,
        Started = step.Began,
        Seconds = step.Seconds,
        Detail = step.Detail,
        Outcome = step.State switch
        {
            StepState.Done => StepOutcome.Done,
            StepState.Incomplete => StepOutcome.Incomplete,
            StepState.Skipped => StepOutcome.Skipped,
            StepState.Failed => StepOutcome.Failed,
            // Cut off in it, or never come to it.
            _ => StepOutcome.NotRun,
        },
    };

    private static ReportedPoint Of(ListedRecoveryPoint point) => new()
    {
        Id = point.Id,
        Repository = point.Repository,
        Time = point.Time,
        Snapshots =
        [
            .. new[] { ("postgres", point.Postgres), ("artifacts", point.Artifacts), ("config", point.Config) }
                .Where(s => s.Item2 is not null).Select(s => new ReportedSnapshot(s.Item1, s.Item2!, point.Time)),
        ],
    };

    private static IEnumerable<ReportCount> Counts(CheckResult check)
    {
        if (check.Consistency is { } proof)
        {
            var whole = proof.Judged - proof.Missing - proof.WithoutMlModel;
            // A plan may allow for what the platform is known to have lost before.
            yield return new ReportCount("MLflow objects with artifacts", check.Outcome == CheckOutcome.Passed ? whole : proof.Judged, whole);
        }
    }

    private static IEnumerable<ReportCount> Counts(RestoreOutcome outcome)
    {
        if (outcome.Postgres is { } postgres)
        {
            yield return new ReportCount("tables", postgres.Tables.Count, postgres.Tables.Count(t => t.Actual is not null));
            yield return new ReportCount("rows", postgres.Tables.Sum(t => t.Expected), postgres.Tables.Sum(t => t.Actual ?? 0));
        }

        if (outcome.Artifacts is { } artifacts)
        {
            yield return new ReportCount("artifact files", artifacts.Files + artifacts.ProblemCount, artifacts.Files);
        }
    }
}
