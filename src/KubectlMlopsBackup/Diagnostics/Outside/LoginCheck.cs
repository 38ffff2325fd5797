using KubectlMlopsBackup.Cluster.Access;
using KubectlMlopsBackup.Output;

namespace KubectlMlopsBackup.Diagnostics.Outside;

/// <summary>Whether the caller's own credential ends soon: in the middle of a recovery is the worst moment.</summary>
internal sealed class LoginCheck(ClusterLook look) : Check
{
    public override string Id => "kubeconfig";

    public override async Task RunAsync(Findings found, CancellationToken cancellationToken)
    {
        if (await look.Api.LoginEndAsync(cancellationToken) is not { } end)
        {
            found.Ok("your login says no end, or is renewed by itself");
            return;
        }

        var now = look.Clock.GetUtcNow();
        if (IsSoon(end, now, look.Spec.Recovery.RtoDuration()))
        {
            found.Add(end.Time <= now ? FindingVerdict.Problem : FindingVerdict.Warning, Faults.CredentialsExpiring, Words(end, now), end.Fix);
        }
        else
        {
            found.Ok(Words(end, now));
        }
    }

    /// <param name="rto">A recovery may take as long.</param>
    public static bool IsSoon(LoginEnd end, DateTimeOffset now, TimeSpan rto) => end.Time - now < (end.Notice > rto ? end.Notice : rto);

    public static string Words(LoginEnd end, DateTimeOffset now) => end.Time <= now
        ? $"the {end.What} of your kubeconfig ended {Humanize.Age(now - end.Time)} ago, on {end.Time.UtcDateTime:yyyy-MM-dd'T'HH:mm'Z'}"
        : $"the {end.What} of your kubeconfig ends in {Humanize.Age(end.Time - now)}, on {end.Time.UtcDateTime:yyyy-MM-dd'T'HH:mm'Z'}";
}
