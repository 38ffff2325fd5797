using KubectlMlopsBackup.Cluster.Api;
using KubectlMlopsBackup.Cluster.Jobs;
using KubectlMlopsBackup.Cluster.Models;
using KubectlMlopsBackup.InCluster;
using KubectlMlopsBackup.InCluster.Status;

namespace KubectlMlopsBackup.Monitoring;

/// <summary>
/// From CronJobs, Jobs and what their pods said last, as <c>status</c> has it: no repository is opened and no Secret is needed, and a
/// volume that one node may have stays free for the Jobs.
/// </summary>
internal sealed class ClusterFeed(ClusterApi api, string plan, TimeProvider clock) : IStatusFeed
{
    /// <summary>Pods go with their Jobs' history: what was once seen is kept.</summary>
    private DateTimeOffset? pruned;

    public string Plan => plan;

    public async Task<IReadOnlyList<Sample>> ReadAsync(CancellationToken cancellationToken)
    {
        // Anew each time: it may have been installed again.
        var installed = await InstalledPlan.GetAsync(api, cancellationToken);
        var facts = await ClusterFactsReader.ReadAsync(api, installed, clock, drills: false, cancellationToken);
        var last = facts.Pods.Where(p => RunReader.Result(p) is { } result && AgentReport.HasPruned(result)).Max(Ended);
        pruned = last > pruned || pruned is null ? last ?? pruned : pruned;
        return StatusMetrics.Of(installed.Spec, ClusterStatus.Of(facts), pruned);
    }

    private static DateTimeOffset? Ended(PodView pod) => pod.Container(AgentLog.Container)?.State?.Terminated?.FinishedAt;
}
