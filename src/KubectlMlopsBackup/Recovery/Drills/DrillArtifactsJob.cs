using KubectlMlopsBackup.Cluster.Api;
using KubectlMlopsBackup.Cluster.Jobs;
using KubectlMlopsBackup.Cluster.Models;
using KubectlMlopsBackup.InCluster;
using KubectlMlopsBackup.Manifests;
using KubectlMlopsBackup.Sources.Artifacts.S3;

namespace KubectlMlopsBackup.Recovery.Drills;

/// <summary>Deletes what drills have put into S3, by a Job of the installed plan: it has the keys, and goes on where this process ends.</summary>
internal sealed class DrillArtifactsJob(ClusterApi api, InstalledPlan installed)
{
    private const string Name = "drill-artifacts";

    /// <summary>What a namespace says of its drill is only a label: anything else than an id names no folder.</summary>
    public static IReadOnlyList<string> Ids(IEnumerable<DrillNamespace> namespaces) => [.. namespaces.Select(n => n.Drill).Where(ScratchPrefix.IsId)];

    /// <param name="ids">Of the drills; at least one.</param>
    public Task<JobView> StartAsync(IEnumerable<string> ids, CancellationToken cancellationToken) => new AgentRun(api, installed).StartAsync(
        AgentJobs.Repositories(installed.Spec, Name, AgentJobs.RestoreAccount, [Name, .. ids]) with { ReadsArtifacts = true }, cancellationToken);

    /// <returns>Why they are not deleted; null where they are.</returns>
    public async Task<string?> FollowAsync(JobView job, IJobObserver observer, TimeSpan startPatience, TimeProvider clock, CancellationToken cancellationToken)
    {
        var end = await new JobFollower(api, installed.Namespace, observer, clock).FollowAsync(job, startPatience, cancellationToken);
        return end.Code == ExitCode.Done ? null : $"job {end.Job}: {string.Join("; ", end.Failures.Select(f => f.Message).DefaultIfEmpty($"exit code {(int)end.Code}"))}";
    }
}
