using KubectlMlopsBackup.Repository.Reports;
using KubectlMlopsBackup.Repository.Snapshots;

namespace KubectlMlopsBackup.Repository.State;

/// <summary>Sums a repository up.</summary>
internal static class RepositoryStateReader
{
    /// <summary>Points of a trend: two weeks of nights.</summary>
    public const int TrendPoints = 14;

    private const int GrowthPoints = 7;
    private const int IdDigits = 8;

    /// <param name="name">Of the repository in the plan.</param>
    /// <param name="plan">Only what is of it counts, but for the bytes.</param>
    /// <param name="trend">With sizes and durations of the last runs.</param>
    public static async Task<RepositoryState> ReadAsync(
        string name, BackupRepository repository, string plan, bool trend, CancellationToken cancellationToken)
    {
        var state = Of(name, await SnapshotCatalog.LoadAsync(repository, cancellationToken), plan, trend, repository.Clock.GetUtcNow());
        long bytes = 0;
        var escrowed = false;
        await foreach (var found in repository.Store.ListAsync("", cancellationToken))
        {
            bytes += found.Size;
            escrowed |= found.Key.StartsWith(EscrowProof.Prefix, StringComparison.Ordinal);
        }

        var reports = (await ReportCatalog.LoadAsync(repository, cancellationToken)).Reports.Where(r => r.Head.Plan == plan);
        return state with
        {
            Bytes = bytes,
            Encrypted = repository.Secrets.Encrypted,
            EscrowedAt = escrowed && await EscrowProof.NewestAsync(repository, cancellationToken) is { } proof ? Second(proof.Time) : null,
            FreeBytes = repository.Store.FreeBytes(),
            TotalBytes = repository.Store.TotalBytes(),
            Reports = [.. reports.GroupBy(r => r.Head.Report).OrderBy(g => g.Key, StringComparer.Ordinal).Select(g => Report(g.Last().Head))],
        };
    }

    private static ReportState Report(ReportHead head) =>
        new(head.Report, Second(head.Time), head.Verdict, head.Seconds is { } seconds ? Math.Round(seconds, 1) : null);

    /// <summary>What the catalog alone can tell.</summary>
    public static RepositoryState Of(string name, SnapshotCatalog catalog, string plan, bool trend, DateTimeOffset now)
    {
        var snapshots = catalog.Snapshots.Where(s => s.Plan == plan).ToList();
        var points = RecoveryPoint.In(snapshots);
        var newest = points.Count > 0 ? points[^1] : null;
        var complete = points.LastOrDefault(p => p.Complete);
        return new RepositoryState
        {
            Repository = name,
            Time = Second(now),
            Damaged = catalog.Damaged.Count,
            ContentBytes = snapshots.Sum(s => s.Stats.Bytes),
            RecoveryPoint = Point(newest, catalog),
            CompletePoint = complete == newest ? null : Point(complete, catalog),
            Components = [.. snapshots.GroupBy(s => s.Component).OrderBy(g => g.Key).Select(g => Component([.. g], catalog, trend))],
        };
    }

    private static RecoveryPointState? Point(RecoveryPoint? point, SnapshotCatalog catalog)
    {
        if (point is null)
        {
            return null;
        }

        var proof = point.ConsistencyIn(catalog)?.Consistency;
        return new RecoveryPointState(point.Id[..IdDigits], Second(point.Time), point.Complete, point.VerifiedIn(catalog))
        {
            Consistent = proof?.Consistent,
            Missing = proof?.Missing,
        };
    }

    /// <param name="snapshots">Of one component, oldest first; at least one.</param>
    private static ComponentState Component(List<Snapshot> snapshots, SnapshotCatalog catalog, bool trend)
    {
        var ids = snapshots.Select(s => s.Id).ToHashSet(StringComparer.Ordinal);
        var proof = catalog.Verifications.Select(v => v.Value)
            .Where(v => v.Level != VerificationLevel.Mlflow && v.Snapshots.Any(ids.Contains)).MaxBy(v => v.Time);
        var last = snapshots.TakeLast(TrendPoints).ToList();
        return new ComponentState
        {
            Component = snapshots[0].Component,
            Snapshots = snapshots.Count,
            Newest = Second(snapshots[^1].Time),
            NewestComplete = snapshots.LastOrDefault(s => s.Verdict == Verdict.Complete) is { } complete ? Second(complete.Time) : null,
            VerifiedAt = proof is null ? null : Second(proof.Time),
            Verified = proof?.Level,
            Growth = snapshots.Where(s => s.Follows is not null).TakeLast(GrowthPoints).Select(s => s.Stats.BytesStored).DefaultIfEmpty().Max(),
            Sizes = trend ? [.. last.Select(s => s.Stats.Bytes)] : [],
            Seconds = trend ? [.. last.Select(s => Math.Round(s.Stats.Seconds, s.Stats.Seconds < 10 ? 2 : 0))] : [],
        };
    }

    /// <summary>Fractions of a second would only take room.</summary>
    private static DateTimeOffset Second(DateTimeOffset time) => DateTimeOffset.FromUnixTimeSeconds(time.ToUnixTimeSeconds());
}
