using KubectlMlopsBackup.Local;
using KubectlMlopsBackup.Repository.Storage;

namespace KubectlMlopsBackup.Diagnostics.Inside;

/// <summary>As whom the plan's stores are reached: what is missing in which policy is only clear then.</summary>
internal sealed class IdentityCheck(LocalPlan plan) : Check
{
    public override string Id => "s3-identity";

    public override async Task RunAsync(Findings found, CancellationToken cancellationToken)
    {
        // The same keys at the same place are one.
        var places = Places().GroupBy(p => p.Settings is { } s ? (s.Endpoint, s.Region, s.AccessKey) : default, p => p);
        foreach (var group in places)
        {
            var names = string.Join(", ", group.Select(p => p.Name));
            if (group.First().Settings is not { } settings || await IdentityAsync(settings, cancellationToken) is not { } who)
            {
                found.Skip($"{names}: there are no credentials, so nobody to name: see the repository's own check");
                continue;
            }

            var key = $"access key {who.AccessKey}{(who.IsTemporary ? ", temporary" : "")}, from {who.Source}";
            found.Ok(who.Arn is { } arn ? $"{names}: {arn} ({key})" : $"{names}: {key}; {who.Silence}");
        }
    }

    private static async Task<S3Identity?> IdentityAsync(S3StoreSettings settings, CancellationToken cancellationToken)
    {
        try
        {
            return await S3Identity.OfAsync(settings, cancellationToken);
        }
        catch (UserError)
        {
            // Whoever opens the store says it.
            return null;
        }
    }

    /// <summary>Settings are null where a credential that the plan names is not there.</summary>
    private IEnumerable<(string Name, S3StoreSettings? Settings)> Places()
    {
        if (plan.Spec.Artifacts?.S3 is not null)
        {
            yield return ("artifacts", Settings(plan.ArtifactStoreSettings));
        }

        foreach (var repository in plan.Spec.Repositories.Where(r => r.S3 is not null))
        {
            yield return (repository.Name, Settings(() => plan.StoreSettings(repository)));
        }
    }

    private static S3StoreSettings? Settings(Func<S3StoreSettings> read)
    {
        try
        {
            return read();
        }
        catch (UserError)
        {
            return null;
        }
    }
}
