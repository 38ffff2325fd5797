using KubectlMlopsBackup.Cluster.Api;
using KubectlMlopsBackup.Cluster.Models;
using KubectlMlopsBackup.Configuration;
using KubectlMlopsBackup.Recovery.Checks;

namespace KubectlMlopsBackup.InCluster;

/// <summary>Whether every Deployment and StatefulSet of a namespace has all its pods ready, and if not, what the pods wait for.</summary>
internal sealed class PodsCheck(ClusterApi api, string ns)
{
    private const int MostNamed = 5;

    public async Task<CheckFinding> RunAsync(PodsCheckSpec spec, CancellationToken cancellationToken)
    {
        var workloads = new List<(string Name, WorkloadView View)>();
        foreach (var resource in new[] { ApiResource.Deployments, ApiResource.StatefulSets })
        {
            var found = await api.ListAsync(resource, ns, spec.Selector, null, ClusterJson.Default.ListViewWorkloadView, cancellationToken);
            workloads.AddRange(found.Items.Select(w => ($"{resource.Kind.ToLowerInvariant()}/{w.Metadata.Name}", w)));
        }

        if (workloads.Count == 0)
        {
            return CheckFinding.Skipped($"namespace {ns} has no Deployment and no StatefulSet{(spec.Selector is null ? "" : $" with {spec.Selector}")}");
        }

        var waiting = workloads.Where(w => !w.View.IsReady).ToList();
        if (waiting.Count > 0)
        {
            var why = await ReasonsAsync(cancellationToken);
            return CheckFinding.NotYet(
                string.Join("; ", waiting.Take(MostNamed).Select(w => $"{w.Name}: {w.View.Status?.ReadyReplicas ?? 0} of {w.View.Replicas} ready"))
                + (waiting.Count > MostNamed ? "; …" : "") + why);
        }

        var stopped = workloads.Where(w => w.View.Replicas == 0).Select(w => w.Name).ToList();
        var all = $"all {workloads.Sum(w => w.View.Replicas)} pods of {workloads.Count - stopped.Count} workloads are ready";
        return stopped.Count == 0 ? CheckFinding.Passed(all)
            : stopped.Count == workloads.Count ? CheckFinding.NotYet($"all {stopped.Count} workloads are scaled to 0")
            : new CheckFinding(CheckOutcome.Passed, $"{all}; scaled to 0: {string.Join(", ", stopped.Take(MostNamed))}", Final: true);
    }

    /// <summary>What containers wait for, such as <c>ImagePullBackOff</c>.</summary>
    private async Task<string> ReasonsAsync(CancellationToken cancellationToken)
    {
        var pods = await api.ListAsync(ApiResource.Pods, ns, null, null, ClusterJson.Default.ListViewPodView, cancellationToken);
        var reasons = pods.Items
            .SelectMany(p => (p.Status?.ContainerStatuses ?? []).Select(c => c.State?.Waiting?.Reason is { } reason ? $"{p.Metadata.Name}: {reason}" : null))
            .OfType<string>().Distinct().Take(MostNamed).ToList();
        return reasons.Count == 0 ? "" : $" ({string.Join(", ", reasons)})";
    }
}
