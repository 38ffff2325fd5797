using KubectlMlopsBackup.Configuration;
using KubectlMlopsBackup.Repository;
using KubectlMlopsBackup.Repository.Snapshots;

namespace KubectlMlopsBackup.Local;

/// <summary>The plan's repositories that are meant, open, with their catalogs. One that cannot be opened does not hide the others.</summary>
internal sealed class OpenRepositories : IDisposable
{
    private OpenRepositories(
        IReadOnlyList<OpenRepository> open, IReadOnlyList<(RepositorySpec Spec, Exception Error)> failed)
    {
        Open = open;
        Failed = failed;
    }

    public IReadOnlyList<OpenRepository> Open { get; }

    public IReadOnlyList<(RepositorySpec Spec, Exception Error)> Failed { get; }

    /// <param name="plan">The plan.</param>
    /// <param name="only">The name of one, or null for all.</param>
    /// <param name="cancellationToken">Stops it.</param>
    /// <exception cref="UserError">None could be opened.</exception>
    public static async Task<OpenRepositories> OpenAsync(LocalPlan plan, string? only, CancellationToken cancellationToken)
    {
        var open = new List<OpenRepository>();
        var failed = new List<(RepositorySpec Spec, Exception Error)>();
        foreach (var spec in plan.Chosen(only))
        {
            try
            {
                var repository = await plan.OpenAsync(spec, cancellationToken);
                open.Add(new OpenRepository(spec, repository, await SnapshotCatalog.LoadAsync(repository, cancellationToken)));
            }
            catch (Exception e) when (e is UserError or IOException)
            {
                failed.Add((spec, e));
            }
        }

        RepositoryTwins.Refuse(open.Select(o => (o.Name, o.Repository.Config.Id)));
        return open.Count == 0
            ? throw failed[0].Error
            : new OpenRepositories(open, failed);
    }

    /// <summary>The first repository that has what is asked for.</summary>
    /// <exception cref="UserError">None has.</exception>
    public (OpenRepository Repository, T Found) First<T>(Func<OpenRepository, T?> find, string what)
        where T : class
    {
        foreach (var repository in Open)
        {
            if (find(repository) is { } found)
            {
                return (repository, found);
            }
        }

        var others = Failed.Count == 0
            ? ""
            : $" ({string.Join("; ", Failed.Select(f => $"{f.Spec.Name} could not be opened: {f.Error.Message}"))})";
        throw new UserError(
            $"{string.Join(", ", Open.Select(o => o.Name))}: no {what}{others}", "kubectl mlopsbackup list shows what there is");
    }

    /// <summary>What came of holding its database against its artifacts, the last time, in whichever repository; null where nobody did.</summary>
    public Verification? ConsistencyOf(RecoveryPoint point) => Open.Select(r => point.ConsistencyIn(r.Catalog)).MaxBy(v => v?.Time);

    public void Dispose()
    {
        foreach (var open in Open)
        {
            open.Repository.Dispose();
        }
    }
}
