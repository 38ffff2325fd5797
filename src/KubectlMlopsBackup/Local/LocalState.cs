using KubectlMlopsBackup.Configuration;
using KubectlMlopsBackup.Repository;
using KubectlMlopsBackup.Repository.State;
using KubectlMlopsBackup.Repository.Storage;

namespace KubectlMlopsBackup.Local;

/// <summary>What every repository of the plan holds. One that cannot be read says why, and fails nothing.</summary>
internal static class LocalState
{
    /// <param name="open">Of the first repository, where it is open already.</param>
    /// <param name="unreachable">Repositories that were tried a moment ago, and why they failed: they are not waited for again.</param>
    public static async Task<IReadOnlyList<RepositoryState>> ReadAsync(
        LocalPlan plan, BackupRepository? open, IReadOnlyDictionary<string, string> unreachable, CancellationToken cancellationToken)
    {
        var states = new List<RepositoryState>();
        foreach (var spec in plan.Spec.Repositories)
        {
            var first = states.Count == 0;
            states.Add(unreachable.TryGetValue(spec.Name, out var error)
                ? Failed(plan, spec, error)
                : await ReadAsync(plan, spec, first ? open : null, trend: first, cancellationToken));
        }

        return states;
    }

    private static async Task<RepositoryState> ReadAsync(
        LocalPlan plan, RepositorySpec spec, BackupRepository? open, bool trend, CancellationToken cancellationToken)
    {
        var repository = open;
        try
        {
            repository ??= await plan.OpenAsync(spec, cancellationToken);
            var state = await RepositoryStateReader.ReadAsync(spec.Name, repository, plan.Name, trend, cancellationToken);
            return state with { CertificateExpires = await CertificateExpiresAsync(spec, cancellationToken) };
        }
        catch (Exception e) when (e is UserError or IOException)
        {
            return Failed(plan, spec, e.Message);
        }
        finally
        {
            if (open is null)
            {
                repository?.Dispose();
            }
        }
    }

    /// <summary>Of a store with an endpoint of its own: somebody has to renew it. AWS looks after its own.</summary>
    private static async Task<DateTimeOffset?> CertificateExpiresAsync(RepositorySpec spec, CancellationToken cancellationToken) =>
        spec.S3?.Endpoint is { } endpoint && new Uri(endpoint) is { Scheme: "https" } server ? await EndpointCertificate.ExpiresAsync(server, cancellationToken) : null;

    private static RepositoryState Failed(LocalPlan plan, RepositorySpec spec, string error) =>
        new() { Repository = spec.Name, Time = plan.Clock.GetUtcNow(), Error = error };
}
