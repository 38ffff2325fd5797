using KubectlMlopsBackup.Configuration;
using KubectlMlopsBackup.Output;
using KubectlMlopsBackup.Repository.Storage;

namespace KubectlMlopsBackup.Diagnostics.Inside;

/// <summary>Whether S3 keys or a store's certificate end soon, as far as anybody can know.</summary>
internal sealed class CredentialsCheck(PlanSpec spec, TimeProvider clock) : Check
{
    private static readonly TimeSpan Notice = TimeSpan.FromDays(30);

    public override string Id => "credentials";

    public override async Task RunAsync(Findings found, CancellationToken cancellationToken)
    {
        var now = clock.GetUtcNow();
        foreach (var (credential, time) in CredentialExpiry.Of(spec))
        {
            Tell(found, now, credential, time, "put new keys into the place that the plan names, and the day on which they end into credentials.expires");
        }

        foreach (var repository in spec.Repositories)
        {
            if (repository.S3?.Endpoint is { } endpoint && new Uri(endpoint) is { Scheme: "https" } server
                && await EndpointCertificate.ExpiresAsync(server, cancellationToken) is { } time)
            {
                var (credential, end) = CredentialExpiry.Certificate(repository.Name, time);
                Tell(found, now, credential, end, $"have the certificate of {server.Authority} renewed");
            }
        }

        found.OkUnlessFault(found.All.Count == 0 ? "none that says when it ends" : "none ends within 30 days");
    }

    /// <param name="time">From when on it no longer works.</param>
    public static void Tell(Findings found, DateTimeOffset now, string credential, DateTimeOffset time, string fix)
    {
        if (time <= now)
        {
            found.Problem(Faults.CredentialsExpiring, $"{credential} ended {Humanize.Age(now - time)} ago, on {time.UtcDateTime:yyyy-MM-dd}", fix);
        }
        else if (time - now < Notice)
        {
            found.Warning(Faults.CredentialsExpiring, $"{credential} ends in {Humanize.Age(time - now)}, on {time.UtcDateTime:yyyy-MM-dd}", fix);
        }
    }
}
