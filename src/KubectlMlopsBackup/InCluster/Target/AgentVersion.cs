using KubectlMlopsBackup.InCluster.Installing;

namespace KubectlMlopsBackup.InCluster.Target;

/// <summary>
/// Whether the agent understands what this program writes for it. The plan of an installation was written by the version whose image runs; for another
/// namespace this program writes one anew, and an agent refuses fields that it does not know.
/// </summary>
internal static class AgentVersion
{
    /// <param name="what">Such as <c>a drill</c>.</param>
    /// <exception cref="UserError">It may not: nothing was begun.</exception>
    public static void Check(InstalledPlan installed, string what, string program)
    {
        if (ProgramVersion.Compare(program, installed.Version) is var order && order != 0)
        {
            throw new UserError(
                $"{what} needs an agent of this program's version {program}, and namespace {installed.Namespace} has the {(order > 0 ? "older" : "newer")} {installed.Version}{Image(installed)}; nothing was begun",
                order > 0
                    ? $"install it with this version, its image in spec.kubernetes.image: kubectl mlopsbackup install -n {installed.Namespace} -f PLAN; or use version {installed.Version} of this program"
                    : $"use version {installed.Version} of this program",
                ExitCode.Usage);
        }
    }

    /// <summary>As above, for a plan that comes out of a backup: its cluster may be gone, and nothing can be installed there.</summary>
    /// <exception cref="UserError">It may not: nothing was begun.</exception>
    public static void CheckRecorded(InstalledPlan recorded, string program)
    {
        if (ProgramVersion.Compare(program, recorded.Version) is var order && order != 0)
        {
            throw new UserError(
                $"the backup is of an installation of version {recorded.Version}{Image(recorded)}, and this program is the {(order > 0 ? "newer" : "older")} {program}: the agents that it would run do not understand each other's plans; nothing was begun",
                $"recover with version {recorded.Version} of this program; or write the plan to a file with an image of version {program} in spec.kubernetes.image, and name it with --plan",
                ExitCode.Usage);
        }
    }

    private static string Image(InstalledPlan installed) => installed.Spec.Kubernetes?.Image is { } image ? $" (image {image})" : "";
}
