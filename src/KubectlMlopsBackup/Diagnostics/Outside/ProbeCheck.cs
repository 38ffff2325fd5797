using System.Text.Json;
using KubectlMlopsBackup.Cluster.Api;
using KubectlMlopsBackup.Cluster.Jobs;
using KubectlMlopsBackup.Cluster.Models;
using KubectlMlopsBackup.InCluster;
using KubectlMlopsBackup.Manifests;

namespace KubectlMlopsBackup.Diagnostics.Outside;

/// <summary>
/// What only a pod of the plan sees: the database, the store, the repositories, the artifacts, and the network to them.
/// One Job runs <c>doctor --local</c> with all that the other Jobs have.
/// </summary>
/// <param name="observer">Is told what the pod waits for.</param>
/// <param name="patience">For a pod that does not start.</param>
internal sealed class ProbeCheck(ClusterLook look, IJobObserver observer, TimeSpan patience) : Check
{
    public override string Id => "probe";

    public override async Task RunAsync(Findings found, CancellationToken cancellationToken)
    {
        var job = await new AgentRun(look.Api, look.Installed).StartAsync(AgentJobs.Probe(look.Spec), cancellationToken);
        var end = await new JobFollower(look.Api, look.Namespace, observer, look.Clock).FollowAsync(job, patience, cancellationToken);
        if (Read(end) is { } report)
        {
            await TakeBackAsync(job, cancellationToken);
            foreach (var finding in report.Findings)
            {
                found.Take(finding with { Fix = finding.Fix?.Replace("kubectl mlopsbackup", $"kubectl mlopsbackup -n {look.Namespace}", StringComparison.Ordinal) });
            }

            return;
        }

        if (end.Failures is [var failure, ..])
        {
            var fault = StartFaults.Of(new StartTrouble(failure.Message, failure.Fix, true, []));
            found.Problem(
                fault == Faults.JobWaiting ? Faults.ProbeFailed : fault, $"job {end.Job}: {failure.Message}",
                failure.Fix ?? $"see: kubectl mlopsbackup logs {end.Job} -n {look.Namespace}");
            return;
        }

        found.Problem(
            Faults.ProbeFailed, $"job {end.Job} ended with exit code {(int)end.Code} and without a word", $"see: kubectl mlopsbackup logs {end.Job} -n {look.Namespace}");
    }

    /// <summary>Nobody needs it any more.</summary>
    private async Task TakeBackAsync(JobView job, CancellationToken cancellationToken)
    {
        try
        {
            await look.Api.DeleteAsync(ApiResource.Jobs, look.Namespace, job.Metadata.Name, job.Metadata.Uid, dryRun: false, cancellationToken);
        }
        catch (ClusterException)
        {
            // It goes by itself after a day.
        }
    }

    private static DoctorReport? Read(JobEnd end)
    {
        try
        {
            return end.Result?.Deserialize(DoctorJson.Default.DoctorReport);
        }
        catch (JsonException)
        {
            // An older agent has no such verb, or another report.
            return null;
        }
    }
}
