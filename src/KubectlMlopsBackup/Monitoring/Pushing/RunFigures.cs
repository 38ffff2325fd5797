using KubectlMlopsBackup.Configuration;
using KubectlMlopsBackup.InCluster.Status;
using KubectlMlopsBackup.Repository.State;

namespace KubectlMlopsBackup.Monitoring.Pushing;

/// <summary>What a run has to tell at its end, in groups: each takes the place of the one of its name that was pushed before.</summary>
internal static class RunFigures
{
    /// <summary>Of all that the repositories hold, whoever looked last.</summary>
    public const string State = "state";

    public const string Prune = "prune";

    /// <param name="states">What every repository holds after it; null where the run has not looked.</param>
    public static IReadOnlyList<FigureGroup> Of(BackupPlan plan, RunEnd run, IReadOnlyList<RepositoryState>? states)
    {
        var groups = new List<FigureGroup>
        {
            new(
                $"run-{run.Kind}",
                [
                    new Sample(Metrics.RunExitCode, (int)run.Code, run.Kind),
                    new Sample(Metrics.RunEnded, StatusMetrics.Unix(run.Time), run.Kind),
                    new Sample(Metrics.RunDuration, Math.Round(run.Took.TotalSeconds, 3), run.Kind),
                ]),
        };
        if (states is not null)
        {
            groups.Add(new FigureGroup(State, StatusMetrics.Of(plan.Spec, RepositoriesStatus.Of(plan, states, run.Time), null)));
        }

        if (run.HasPruned)
        {
            groups.Add(new FigureGroup(Prune, [new Sample(Metrics.PruneSuccess, StatusMetrics.Unix(run.Time))]));
        }

        return groups;
    }
}
