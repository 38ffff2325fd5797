using KubectlMlopsBackup.Configuration;
using KubectlMlopsBackup.Repository.Snapshots;
using KubectlMlopsBackup.Repository.State;

namespace KubectlMlopsBackup.InCluster.Status;

/// <summary>The same answer from the repositories alone: who runs backups, and when, nobody knows there.</summary>
internal static class RepositoriesStatus
{
    public static StatusReport Of(BackupPlan plan, IReadOnlyList<RepositoryState> read, DateTimeOffset now)
    {
        var states = new KnownStates(read);
        var judge = new StatusJudge(plan.Spec, now, null);
        var first = states.Seen(plan.Spec.Repositories[0].Name);
        List<ComponentStatus> components =
        [
            .. plan.Spec.Postgres is null ? Array.Empty<ComponentStatus>() : [judge.Measure(Component.Postgres, first, null)],
            .. plan.Spec.Artifacts is null ? Array.Empty<ComponentStatus>() : [judge.Measure(Component.Artifacts, first, null)],
            .. plan.Spec.Config is null ? Array.Empty<ComponentStatus>() : [judge.Measure(Component.Config, first, null)],
        ];
        foreach (var component in components)
        {
            judge.Component(component);
        }

        var drill = DrillReader.Of(plan.Spec, read, now);
        if (drill is not null)
        {
            judge.Drill(drill);
        }

        return judge.Report(plan.Metadata.Name, null, components, null, judge.Repositories(states, components), drill);
    }
}
