using KubectlMlopsBackup.Cluster.Access;
using KubectlMlopsBackup.Cluster.Api;
using KubectlMlopsBackup.Configuration;
using KubectlMlopsBackup.Diagnostics.Outside;
using KubectlMlopsBackup.Output;

namespace KubectlMlopsBackup.Commands;

/// <summary>Before a recovery: a login that ends while it runs stops it in the middle.</summary>
internal static class LoginWarning
{
    public static async Task SayAsync(ClusterApi api, PlanSpec spec, TimeProvider clock, CancellationToken cancellationToken)
    {
        if (Of(await api.LoginEndAsync(cancellationToken), clock.GetUtcNow(), spec.Recovery.RtoDuration()) is { } warning)
        {
            await Console.Error.WriteLineAsync(warning);
        }
    }

    /// <returns>Null where there is nothing to say.</returns>
    public static string? Of(LoginEnd? end, DateTimeOffset now, TimeSpan rto) => end is not null && end.Time - now < rto
        ? $"warning: {LoginCheck.Words(end, now)}, and the plan's RTO is {Humanize.Duration(rto)}: this may stop in the middle\n  fix: {end.Fix}"
        : null;
}
