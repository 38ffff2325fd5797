using KubectlMlopsBackup.InCluster.Status;
using KubectlMlopsBackup.Local;

namespace KubectlMlopsBackup.Monitoring;

/// <summary>From the repositories themselves, which are only read: for a plan without a cluster.</summary>
internal sealed class LocalFeed(LocalPlan plan) : IStatusFeed
{
    public string Plan => plan.Name;

    public async Task<IReadOnlyList<Sample>> ReadAsync(CancellationToken cancellationToken)
    {
        var states = await LocalState.ReadAsync(plan, null, new Dictionary<string, string>(), cancellationToken);
        return StatusMetrics.Of(plan.Spec, RepositoriesStatus.Of(plan.Plan, states, plan.Clock.GetUtcNow()), null);
    }
}
