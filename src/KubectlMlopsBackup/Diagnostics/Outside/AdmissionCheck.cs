using System.Text.Json.Nodes;
using KubectlMlopsBackup.Cluster.Api;
using KubectlMlopsBackup.Manifests;

namespace KubectlMlopsBackup.Diagnostics.Outside;

/// <summary>
/// Whether the cluster would take the Jobs' pods: quota, Pod Security, limit ranges, policies of others. It is asked to make them, and to keep
/// nothing of it.
/// </summary>
internal sealed class AdmissionCheck(ClusterLook look) : Check
{
    public override string Id => "admission";

    public override async Task RunAsync(Findings found, CancellationToken cancellationToken)
    {
        var jobs = look.Manifests.Where(m => m.Kind == "CronJob").ToList();
        var refusals = await Task.WhenAll(jobs.Select(j => TryAsync(j, cancellationToken)));
        // They have the same resources and the same security: one refusal is enough.
        foreach (var group in jobs.Zip(refusals).Where(r => r.Second is not null).GroupBy(r => FaultOf(r.Second!)))
        {
            var (job, refusal) = group.First();
            found.Problem(group.Key, $"a pod of CronJob {job.Name}: {refusal!.Message}", Fix(group.Key, refusal.Message));
        }

        found.OkUnlessFault($"the API server would take the pods of {jobs.Count} CronJobs");
    }

    private async Task<ClusterException?> TryAsync(Manifest job, CancellationToken cancellationToken)
    {
        var template = YamlTree.Parse(job.Yaml)["spec"]!["jobTemplate"]!["spec"]!["template"]!.AsObject();
        var metadata = template["metadata"]?.DeepClone().AsObject() ?? [];
        metadata["generateName"] = $"{job.Name}-doctor-";
        metadata["namespace"] = look.Namespace;
        var pod = new JsonObject { ["apiVersion"] = "v1", ["kind"] = "Pod", ["metadata"] = metadata, ["spec"] = template["spec"]!.DeepClone() };
        try
        {
            await look.Api.CreateAsync(ApiResource.Pods, look.Namespace, pod.ToJsonString(), dryRun: true, cancellationToken);
            return null;
        }
        catch (ClusterException e) when (IsRefusal(e))
        {
            return e;
        }
    }

    /// <summary>Of the pod, not of the caller: that is another matter.</summary>
    private static bool IsRefusal(ClusterException e) =>
        e.Status is System.Net.HttpStatusCode.Forbidden or System.Net.HttpStatusCode.BadRequest or System.Net.HttpStatusCode.UnprocessableEntity
        && !e.Message.StartsWith("you may not ", StringComparison.Ordinal);

    private static Fault FaultOf(ClusterException refusal) =>
        refusal.Message.Contains("exceeded quota", StringComparison.Ordinal) || refusal.Message.Contains("failed quota", StringComparison.Ordinal) ? Faults.QuotaExceeded
        : refusal.Message.Contains("PodSecurity", StringComparison.Ordinal) ? Faults.PodSecurity
        : Faults.PodRefused;

    private string Fix(Fault fault, string message) =>
        fault == Faults.QuotaExceeded ? $"raise it: {look.Kubectl("edit resourcequota")}; or lower spec.kubernetes.resources in the plan and install it again"
        : fault == Faults.PodSecurity ? "set spec.kubernetes.podSecurity in the plan to what the namespace's level allows, and install it again"
        : message.Contains("serviceaccount", StringComparison.OrdinalIgnoreCase) ? $"install the plan again: {InstallCommandLine.Of(look)}"
        : message.Contains("PriorityClass", StringComparison.Ordinal) ? "set spec.kubernetes.priorityClassName in the plan to one of: kubectl get priorityclass; then install it again"
        : message.Contains("limit", StringComparison.OrdinalIgnoreCase) ? $"set spec.kubernetes.resources in the plan to what the namespace's LimitRange allows: {look.Kubectl("describe limitrange")}"
        : "have the policy that refuses it make an exception for pods with the label app.kubernetes.io/name=mlopsbackup";
}
