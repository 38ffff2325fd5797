using KubectlMlopsBackup.Configuration;
using KubectlMlopsBackup.Repository;

namespace KubectlMlopsBackup.Local;

/// <summary>
/// Refuses a plan of which two repositories are one: a copied folder, or one place by two names. What the user takes for a second copy would be none,
/// and a prune of the one would go by what the other has.
/// </summary>
internal static class RepositoryTwins
{
    /// <summary>A repository that does not answer is told of when it is opened, and holds up nothing here.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(5);

    /// <summary>Before anything is done with several: only their first objects are read, without a key.</summary>
    /// <exception cref="UserError">Two are one (exit 2).</exception>
    public static async Task RefuseAsync(
        LocalPlan plan, IReadOnlyList<RepositorySpec> repositories, CancellationToken cancellationToken)
    {
        if (repositories.Count < 2)
        {
            return;
        }

        var ids = await Task.WhenAll(repositories.Select(r => IdAsync(plan, r, cancellationToken)));
        Refuse(repositories.Zip(ids).Where(r => r.Second is not null).Select(r => (r.First.Name, r.Second!)));
    }

    /// <exception cref="UserError">Two are one (exit 2).</exception>
    public static void Refuse(IEnumerable<(string Name, string Id)> repositories)
    {
        if (repositories.GroupBy(r => r.Id, r => r.Name).FirstOrDefault(g => g.Count() > 1) is { } twins)
        {
            throw new UserError(
                $"the repositories {string.Join(" and ", twins)} of the plan are one and the same (id {twins.Key})",
                "one may be a copied folder of the other; a second repository is made with: kubectl mlopsbackup init --repositories",
                ExitCode.Usage);
        }
    }

    private static async Task<string?> IdAsync(LocalPlan plan, RepositorySpec repository, CancellationToken cancellationToken)
    {
        using var patience = new CancellationTokenSource(Patience, plan.Clock);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, patience.Token);
        try
        {
            using var store = plan.Store(repository);
            return (await BackupRepository.ReadConfigAsync(store, either.Token)).Id;
        }
        catch (Exception e) when (e is UserError or IOException
            || (e is OperationCanceledException && !cancellationToken.IsCancellationRequested))
        {
            return null;
        }
    }
}
