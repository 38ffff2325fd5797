using KubectlMlopsBackup.Cluster.Jobs;
using KubectlMlopsBackup.Cluster.Models;
using KubectlMlopsBackup.Repository.State;

namespace KubectlMlopsBackup.InCluster.Status;

/// <summary>The newest that is known of each repository.</summary>
internal sealed class KnownStates
{
    private readonly List<RepositoryState> newestFirst;

    public KnownStates(IEnumerable<RepositoryState> states) => newestFirst = [.. states.OrderByDescending(s => s.Time)];

    /// <summary>From the termination messages of pods, the newest first: what is known already is not read again.</summary>
    /// <param name="repositories">Those that are wanted.</param>
    public static KnownStates Of(IEnumerable<PodView> pods, IEnumerable<string> repositories)
    {
        var wanted = repositories.ToHashSet(StringComparer.Ordinal);
        var states = new List<RepositoryState>();
        foreach (var pod in pods.OrderByDescending(Ended))
        {
            if (wanted.Count == 0)
            {
                break;
            }

            foreach (var state in RunReader.Result(pod) is { } result ? AgentReport.States(result) : [])
            {
                states.Add(state);
                if (state.Error is null)
                {
                    wanted.Remove(state.Repository);
                }
            }
        }

        return new KnownStates(states);
    }

    /// <summary>The newest look, whether it saw anything or not; null where nobody looked.</summary>
    public RepositoryState? Last(string repository) => newestFirst.Find(s => s.Repository == repository);

    /// <summary>The newest that saw something.</summary>
    public RepositoryState? Seen(string repository) => newestFirst.Find(s => s.Repository == repository && s.Error is null);

    private static DateTimeOffset? Ended(PodView pod) =>
        pod.Container(AgentLog.Container)?.State?.Terminated?.FinishedAt ?? pod.Metadata.CreationTimestamp;
}
