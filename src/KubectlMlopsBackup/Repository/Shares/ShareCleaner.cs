using KubectlMlopsBackup.Repository.Storage;

namespace KubectlMlopsBackup.Repository.Shares;

/// <summary>Deletes what runs left for themselves, once none of them can commit any more.</summary>
internal static class ShareCleaner
{
    /// <returns>Objects that the store would not let go.</returns>
    public static async Task<int> RunAsync(BackupRepository repository, TimeSpan grace, CancellationToken cancellationToken)
    {
        var keys = new List<string>();
        await foreach (var found in repository.Store.ListAsync(ShareKey.Prefix, cancellationToken))
        {
            keys.Add(found.Key);
        }

        var now = repository.Clock.GetUtcNow();
        var retained = 0;
        foreach (var run in keys.Where(k => ShareKey.RunOf(k) is not null).GroupBy(k => ShareKey.RunOf(k)!))
        {
            if (await BeganAsync(repository, run, cancellationToken) is not { } began || now - began < grace)
            {
                continue;
            }

            // The plan last: as long as it is there, the run is known to be old.
            var plan = ShareKey.Plan(run.Key);
            foreach (var key in run.OrderBy(k => k == plan))
            {
                retained += await repository.Store.DeleteAsync(key, cancellationToken) == DeleteOutcome.Retained ? 1 : 0;
            }
        }

        return retained;
    }

    /// <returns>Null where it cannot be told: verify names what is damaged.</returns>
    private static async Task<DateTimeOffset?> BeganAsync(
        BackupRepository repository, IGrouping<string, string> run, CancellationToken cancellationToken)
    {
        var plan = ShareKey.Plan(run.Key);
        DateTimeOffset? newest = null;
        foreach (var key in run.OrderByDescending(k => k == plan))
        {
            try
            {
                var began = key == plan
                    ? (await ShareObjects.FindAsync(repository, key, RepositoryJson.Default.SharePlan, cancellationToken)).Value?.Created
                    : key == ShareKey.Committer(run.Key)
                        ? null
                        : (await ShareObjects.FindAsync(repository, key, RepositoryJson.Default.StoredShare, cancellationToken)).Value?.Started;
                if (key == plan && began is not null)
                {
                    return began;
                }

                newest = began > newest || newest is null ? began : newest;
            }
            catch (RepositoryDamagedException)
            {
                // Another of the run may tell.
            }
        }

        return newest;
    }
}
