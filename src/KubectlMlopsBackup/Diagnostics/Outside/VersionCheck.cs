using KubectlMlopsBackup.InCluster.Installing;

namespace KubectlMlopsBackup.Diagnostics.Outside;

/// <summary>Whether what is installed is of this program's version.</summary>
internal sealed class VersionCheck(ClusterLook look) : Check
{
    public override string Id => "version";

    public override Task RunAsync(Findings found, CancellationToken cancellationToken)
    {
        var order = ProgramVersion.Compare(look.Installed.Version, ToolVersion.Current);
        if (order > 0)
        {
            found.Warning(
                Faults.VersionDiffers, $"{look.Installed.Version} has installed it, and this is {ToolVersion.Current}",
                $"use kubectl-mlopsbackup {look.Installed.Version} or later");
        }
        else if (order < 0)
        {
            found.Warning(
                Faults.VersionDiffers, $"{look.Installed.Version} has installed it, and this is {ToolVersion.Current}",
                $"install it again with this version: {InstallCommandLine.Of(look)}");
        }

        found.OkUnlessFault($"{ToolVersion.Current}, here and there");
        return Task.CompletedTask;
    }
}
