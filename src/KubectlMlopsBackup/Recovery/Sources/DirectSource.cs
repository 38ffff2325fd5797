using KubectlMlopsBackup.Local;
using KubectlMlopsBackup.Recovery.Reports;
using KubectlMlopsBackup.Repository.Snapshots;
using KubectlMlopsBackup.Sources.ClusterConfig;

namespace KubectlMlopsBackup.Recovery.Sources;

/// <summary>Repositories that this process reads itself: with no cluster, from the bucket and the key alone.</summary>
internal sealed class DirectSource : IRecoverySource
{
    private readonly LocalPlan plan;
    private readonly OpenRepositories repositories;

    private DirectSource(LocalPlan plan, OpenRepositories repositories)
    {
        this.plan = plan;
        this.repositories = repositories;
    }

    public string Location => string.Join(", ", repositories.Open.Select(r => r.Repository.Location));

    /// <exception cref="UserError">None can be opened.</exception>
    public static async Task<DirectSource> OpenAsync(LocalPlan plan, CancellationToken cancellationToken) =>
        new(plan, await OpenRepositories.OpenAsync(plan, null, cancellationToken));

    public Task<IReadOnlyList<ListedRecoveryPoint>> PointsAsync(CancellationToken cancellationToken) => Task.FromResult<IReadOnlyList<ListedRecoveryPoint>>(
        [.. repositories.Open.SelectMany(r => r.RecoveryPoints.Select(p => ListedRecoveryPoint.Of(r, p, repositories)))]);

    public async Task<ConfigReading> ConfigAsync(string snapshot, CancellationToken cancellationToken)
    {
        var (open, found) = repositories.First(
            r => r.Catalog.Snapshots.FirstOrDefault(s => s.Component == Component.Config && s.Id == snapshot), $"config snapshot {snapshot[..8]}");
        return await LocalConfig.ReadAsync(open, found, cancellationToken);
    }

    public async Task<RecoveryReport?> LastReportAsync(string ofPlan, CancellationToken cancellationToken)
    {
        using var archive = await ReportArchive.OpenAsync(plan, null, cancellationToken);
        return archive.List().LastOrDefault(r => r.Plan == ofPlan && r.Seconds is not null) is { } head
            ? (await archive.FindAsync(head.Id, cancellationToken)).Report
            : null;
    }

    public ValueTask DisposeAsync()
    {
        repositories.Dispose();
        return ValueTask.CompletedTask;
    }
}
