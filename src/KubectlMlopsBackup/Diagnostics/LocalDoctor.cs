using KubectlMlopsBackup.Diagnostics.Inside;
using KubectlMlopsBackup.Local;

namespace KubectlMlopsBackup.Diagnostics;

/// <summary>Looks at what a plan names from this process: on a machine without a cluster, and in the pod that looks for a plan in one.</summary>
internal static class LocalDoctor
{
    /// <param name="command">How this program is called in a fix.</param>
    /// <param name="inCluster">In a pod: the plan's volumes are paths here, and who reads a fix is elsewhere.</param>
    public static async Task<DoctorReport> RunAsync(LocalPlan plan, string command, bool inCluster, CancellationToken cancellationToken)
    {
        var began = plan.Clock.GetTimestamp();
        var found = (await CheckRunner.RunAsync(Checks(plan, inCluster), cancellationToken))
            .Select(f => f with { Fix = f.Fix?.Replace("kubectl mlopsbackup", command, StringComparison.Ordinal) });
        return DoctorReport.Of(plan.Name, null, plan.Clock.GetUtcNow(), plan.Clock.GetElapsedTime(began), found);
    }

    private static IEnumerable<Check> Checks(LocalPlan plan, bool inCluster)
    {
        for (var i = 0; i < plan.Spec.Repositories.Count; i++)
        {
            yield return new RepositoryCheck(plan, i, inCluster);
        }

        yield return new IdentityCheck(plan);
        yield return new StoreClockCheck(plan.Spec, plan.Clock);
        yield return new CredentialsCheck(plan.Spec, plan.Clock);
        if (plan.Spec.Postgres is not null)
        {
            yield return new DatabaseCheck(plan);
            yield return new ArtifactRootsCheck(plan);
        }

        if (plan.Spec.Artifacts is not null)
        {
            yield return new ArtifactsCheck(plan);
        }
    }
}
