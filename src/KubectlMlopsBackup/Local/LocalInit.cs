using KubectlMlopsBackup.Configuration;
using KubectlMlopsBackup.Repository;

namespace KubectlMlopsBackup.Local;

/// <summary>Makes the repositories that a plan names.</summary>
internal static class LocalInit
{
    /// <summary>
    /// Creates what is missing; one that exists is opened, so that a wrong key shows now. All of a plan share their chunk borders.
    /// </summary>
    /// <returns>Each name, and whether it was made now.</returns>
    public static async Task<IReadOnlyList<(string Name, string Location, bool Created)>> RunAsync(
        LocalPlan plan, CancellationToken cancellationToken)
    {
        var open = new List<(RepositorySpec Spec, BackupRepository Repository, bool Created)>();
        try
        {
            var existing = new List<RepositorySpec>();
            foreach (var spec in plan.Spec.Repositories)
            {
                using var store = plan.Store(spec);
                if (await BackupRepository.ExistsAsync(store, cancellationToken))
                {
                    open.Add((spec, await plan.OpenAsync(spec, cancellationToken), false));
                    existing.Add(spec);
                }
            }

            foreach (var spec in plan.Spec.Repositories.Except(existing))
            {
                var sharing = open.Count > 0 ? open[0].Repository : null;
                var made = await BackupRepository.CreateAsync(
                    plan.Store(spec), plan.Key(), sharing, plan.Clock, cancellationToken);
                open.Add((spec, made, true));
            }

            return [.. open.Select(o => (o.Spec.Name, o.Repository.Location, o.Created))];
        }
        finally
        {
            open.ForEach(o => o.Repository.Dispose());
        }
    }
}
