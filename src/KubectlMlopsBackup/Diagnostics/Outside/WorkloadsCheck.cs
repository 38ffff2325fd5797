using KubectlMlopsBackup.Cluster.Api;
using KubectlMlopsBackup.Cluster.Models;
using KubectlMlopsBackup.Cluster.Scaling;
using KubectlMlopsBackup.InCluster;

namespace KubectlMlopsBackup.Diagnostics.Outside;

/// <summary>Whether a restore could stop what it has to, and whether one has left anything stopped.</summary>
internal sealed class WorkloadsCheck(ClusterLook look) : Check
{
    public override string Id => "workloads";

    public override async Task RunAsync(Findings found, CancellationToken cancellationToken)
    {
        var names = look.Spec.Kubernetes!.ScaleDown;
        if (names.Count == 0)
        {
            return;
        }

        var live = await Task.WhenAll(names.Select(n => FindAsync(n, cancellationToken)));
        foreach (var (name, workload) in names.Zip(live))
        {
            if (workload is null)
            {
                found.Problem(
                    Faults.WorkloadMissing, $"spec.kubernetes.scaleDown names {name}, which namespace {look.Namespace} does not have: a restore refuses to start",
                    $"take it out of the plan, or name the right one of: {look.Kubectl($"get {name.Split('/')[0]}s")}; then install it again");
            }
            else if (WorkloadScaler.Remembered(workload) is { } before && workload.Replicas == 0)
            {
                found.Problem(
                    Faults.WorkloadStopped,
                    $"{name} has 0 replicas since {workload.Metadata.Annotation(WorkloadScaler.StoppedAt) ?? "a restore"}, and had {before}",
                    RestoreCommandLine.Of("--resume", ScheduleHold.SourceOf(workload.Metadata.Annotation(WorkloadScaler.StoppedFor)) ?? look.Namespace, look.Namespace));
            }
        }

        found.OkUnlessFault($"{string.Join(", ", names)}: there, and not left stopped");
    }

    private Task<WorkloadView?> FindAsync(string name, CancellationToken cancellationToken)
    {
        var parts = name.Split('/', 2);
        return look.Api.FindAsync(
            parts[0] == "deployment" ? ApiResource.Deployments : ApiResource.StatefulSets, look.Namespace, parts[1], ClusterJson.Default.WorkloadView, cancellationToken);
    }
}
