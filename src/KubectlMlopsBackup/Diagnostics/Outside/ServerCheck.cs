using KubectlMlopsBackup.Cluster.Api;
using KubectlMlopsBackup.Output;

namespace KubectlMlopsBackup.Diagnostics.Outside;

/// <summary>The API server's version, and its clock against this machine's.</summary>
/// <param name="server">As it was asked for already.</param>
internal sealed class ServerCheck(ServerVersion server) : Check
{
    /// <summary>Jobs use what Kubernetes has since then.</summary>
    private static readonly Version Oldest = new(1, 30);

    /// <summary>Ages are told wrongly by this; tokens and signatures of S3 fail at 15 minutes.</summary>
    private static readonly TimeSpan Skew = TimeSpan.FromMinutes(1);

    public override string Id => "server";

    public override Task RunAsync(Findings found, CancellationToken cancellationToken)
    {
        if (server.Number < Oldest)
        {
            found.Problem(Faults.ApiOld, $"it is {server.Name}", "upgrade the cluster to Kubernetes 1.30 or later");
        }

        if (server.Ahead is { } ahead && ahead.Duration() > Skew)
        {
            var which = ahead > TimeSpan.Zero ? "behind" : "ahead of";
            found.Warning(
                Faults.ClockSkew,
                $"this machine is {Humanize.Duration(ahead.Duration())} {which} the API server, which says it is {server.Time:yyyy-MM-dd'T'HH:mm:ss'Z'}: ages are told wrongly here",
                "set this machine's clock: timedatectl set-ntp true");
        }

        found.OkUnlessFault($"Kubernetes {server.Name}");
        return Task.CompletedTask;
    }
}
