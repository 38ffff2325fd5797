using KubectlMlopsBackup.Configuration;
using KubectlMlopsBackup.Output;

namespace KubectlMlopsBackup.Diagnostics.Inside;

/// <summary>This machine's clock against the S3 store's: signatures of another time are refused.</summary>
internal sealed class StoreClockCheck(PlanSpec spec, TimeProvider clock) : Check
{
    /// <summary>S3 refuses what was signed more than 15 minutes off.</summary>
    private static readonly TimeSpan Most = TimeSpan.FromMinutes(15);
    private static readonly TimeSpan Much = TimeSpan.FromMinutes(2);
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);

    public override string Id => "store-clock";

    public override async Task RunAsync(Findings found, CancellationToken cancellationToken)
    {
        using var client = new HttpClient { Timeout = Patience };
        foreach (var address in Addresses().Distinct())
        {
            if (await AheadAsync(client, address, cancellationToken) is not { } ahead)
            {
                // That it does not answer is the repository's check to say.
                found.Skip($"{address} does not tell the time");
            }
            else if (ahead.Duration() > Much)
            {
                found.Add(
                    ahead.Duration() > Most ? FindingVerdict.Problem : FindingVerdict.Warning,
                    Faults.ClockSkew,
                    $"the clock here is {Humanize.Duration(ahead.Duration())} {(ahead > TimeSpan.Zero ? "behind" : "ahead of")} that of {address}; at 15 minutes S3 refuses every request",
                    "set the clock of the machine, or of the node that the pod runs on: timedatectl set-ntp true");
            }
            else
            {
                found.Ok($"{address} has the same time, to {Humanize.Duration(Much)}");
            }
        }
    }

    private IEnumerable<Uri> Addresses()
    {
        IEnumerable<IS3Spec?> all = [spec.Artifacts?.S3, .. spec.Repositories.Select(r => r.S3)];
        foreach (var s3 in all.OfType<IS3Spec>())
        {
            yield return new Uri(s3.Endpoint ?? $"https://s3.{s3.Region ?? "us-east-1"}.amazonaws.com");
        }
    }

    private async Task<TimeSpan?> AheadAsync(HttpClient client, Uri address, CancellationToken cancellationToken)
    {
        try
        {
            using var response = await client.GetAsync(address, HttpCompletionOption.ResponseHeadersRead, cancellationToken);
            return response.Headers.Date - clock.GetUtcNow();
        }
        catch (Exception e) when (e is HttpRequestException || (e is OperationCanceledException && !cancellationToken.IsCancellationRequested))
        {
            return null;
        }
    }
}
