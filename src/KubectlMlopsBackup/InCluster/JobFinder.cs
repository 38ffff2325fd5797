using KubectlMlopsBackup.Cluster.Api;
using KubectlMlopsBackup.Cluster.Models;
using KubectlMlopsBackup.Manifests;

namespace KubectlMlopsBackup.InCluster;

/// <summary>Finds a Job of the plan by its name, or by what it does.</summary>
internal static class JobFinder
{
    private const string ComponentLabel = "app.kubernetes.io/component";

    /// <param name="what">A component, a CronJob, or a Job; null for any.</param>
    /// <exception cref="UserError">Nothing like it ran (exit 2).</exception>
    public static async Task<JobView> FindAsync(ClusterApi api, InstalledPlan installed, string? what, CancellationToken cancellationToken)
    {
        var all = await api.ListAsync(ApiResource.Jobs, installed.Namespace, installed.Selector, null, ClusterJson.Default.ListViewJobView, cancellationToken);
        return Find(all.Items, what) ?? throw new UserError(
            what is null
                ? $"no Job of plan {installed.Name} is in namespace {installed.Namespace}"
                : $"in namespace {installed.Namespace} there is no Job {what}, and none of a CronJob of that name",
            all.Items.Count == 0
                ? "nothing has run yet, or it is gone already; run one with: kubectl mlopsbackup backup all"
                : $"there are: {string.Join(", ", Newest(all.Items).Take(10).Select(j => j.Metadata.Name))}",
            ExitCode.Usage);
    }

    /// <returns>Null where there is none.</returns>
    public static JobView? Find(IReadOnlyList<JobView> jobs, string? what)
    {
        if (what is null)
        {
            return Newest(jobs).FirstOrDefault();
        }

        if (jobs.FirstOrDefault(j => j.Metadata.Name == what) is { } named)
        {
            return named;
        }

        string[] components = what switch
        {
            "postgres" => [AgentJobs.PostgresBackup],
            "artifacts" => [AgentJobs.ArtifactsBackup],
            "config" => [AgentJobs.ConfigBackup],
            "verify" => [AgentJobs.Verify, "verify"],
            "init" => [AgentJobs.RepositoryInit],
            _ => [what],
        };
        return Newest(jobs).FirstOrDefault(j => j.Metadata.Label(ComponentLabel) is { } label && components.Contains(label));
    }

    private static IOrderedEnumerable<JobView> Newest(IReadOnlyList<JobView> jobs) => jobs.OrderByDescending(j => j.Metadata.CreationTimestamp);
}
