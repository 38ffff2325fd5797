using KubectlMlopsBackup.Mlflow;
using KubectlMlopsBackup.Repository;
using KubectlMlopsBackup.Repository.Index;
using KubectlMlopsBackup.Repository.Reading;
using KubectlMlopsBackup.Repository.Shares;
using KubectlMlopsBackup.Repository.Snapshots;
using KubectlMlopsBackup.Sources.Artifacts.Restore;
using KubectlMlopsBackup.Sources.Postgres;

namespace KubectlMlopsBackup.Local;

/// <summary>Restores a snapshot or a whole recovery point with the plan's own addresses, or elsewhere.</summary>
internal sealed class LocalRestore : IDisposable
{
    private readonly LocalPlan plan;
    private readonly RestoreRequest request;
    private readonly OpenRepositories repositories;
    private readonly OpenRepository from;
    private readonly RecoveryPoint? point;
    private readonly Snapshot? artifacts;
    private readonly Snapshot? postgres;

    private LocalRestore(LocalPlan plan, RestoreRequest request, OpenRepositories repositories)
    {
        this.plan = plan;
        this.request = request;
        this.repositories = repositories;
        if (request.Component is { } component)
        {
            (from, var snapshot) = request.Selection.Snapshot(repositories, component, plan.Name);
            artifacts = component == Component.Artifacts ? snapshot : null;
            postgres = component == Component.Postgres ? snapshot : null;
            Time = snapshot.Time;
        }
        else
        {
            (from, point) = request.Selection.Point(repositories, plan.Name);
            artifacts = point.Artifacts;
            postgres = point.Postgres;
            Time = point.Time;
        }

        if (request.Postgres.ArtifactMap is not null && postgres is null)
        {
            throw new UserError(
                $"{ArtifactMap.OptionName} rewrites a database, and none is restored", "leave it out, or restore postgres or all", ExitCode.Usage);
        }
    }

    /// <summary>The moment that is gone back to.</summary>
    public DateTimeOffset Time { get; }

    /// <summary>What is about to happen to what is there, in words: to be confirmed first. Empty where nothing is there.</summary>
    public IReadOnlyList<string> Replaces { get; private set; } = [];

    /// <summary>Chooses what to restore, and looks at where it goes.</summary>
    public static async Task<LocalRestore> PrepareAsync(
        LocalPlan plan, RestoreRequest request, CancellationToken cancellationToken)
    {
        var repositories = await OpenRepositories.OpenAsync(plan, request.Repository, cancellationToken);
        try
        {
            var restore = new LocalRestore(plan, request, repositories);
            restore.Replaces = await restore.FindReplacedAsync(cancellationToken);
            return restore;
        }
        catch
        {
            repositories.Dispose();
            throw;
        }
    }

    /// <summary>Artifacts first, the database last: until its swap, nothing refers to what was restored.</summary>
    public async Task<RestoreOutcome> RunAsync(ProgressFeed progress, CancellationToken cancellationToken)
    {
        var started = plan.Clock.GetTimestamp();
        var outcome = new RestoreOutcome
        {
            Repository = from.Name,
            RecoveryPoint = point?.Id,
            LeftConfig = point?.Config?.Id,
            Time = Time,
            DryRun = request.DryRun,
            RpoSeconds = (plan.Clock.GetUtcNow() - Time).TotalSeconds,
            RpoTargetSeconds = plan.Spec.Recovery.RpoDuration().TotalSeconds,
            RtoTargetSeconds = plan.Spec.Recovery.RtoDuration().TotalSeconds,
        };
        progress.Shown.Begin("reading the index");
        var loaded = await IndexLoader.LoadAsync(from.Repository, cancellationToken);
        using var reader = new ChunkReader(from.Repository, loaded.Index);
        if (artifacts is not null)
        {
            await IncludeCheck.RunAsync(reader, artifacts, request.Artifacts.Filter, cancellationToken);
            var counters = new RestoreCounters();
            using var feed = progress.Restore(counters, artifacts.Stats.Files, artifacts.Stats.Bytes);
            using var target = plan.ArtifactTarget(request.To);
            var options = request.Share is { } share
                ? request.Artifacts with { Filter = request.Artifacts.Filter.Of(await ShareAsync(reader, artifacts, share, cancellationToken)) }
                : request.Artifacts;
            outcome.Artifacts = await target.RestoreAsync(reader, artifacts, options, counters, cancellationToken);
        }

        if (postgres is not null)
        {
            await RestorePostgresAsync(reader, postgres, outcome, progress, cancellationToken);
        }

        outcome.Seconds = plan.Clock.GetElapsedTime(started).TotalSeconds;
        await RecordAsync(outcome, cancellationToken);
        return outcome;
    }

    public void Dispose() => repositories.Dispose();

    /// <summary>Of the snapshot alone, so that the others come to the same without a word between them.</summary>
    private static async Task<PathShare> ShareAsync(
        ChunkReader reader, Snapshot snapshot, (int Index, int Count) share, CancellationToken cancellationToken)
    {
        var builder = new PartitionBuilder(share.Count, new ShareLoad(snapshot.Stats.Files, snapshot.Stats.Bytes, snapshot.Tree.Entries));
        await using var tree = new TreeReader(reader, snapshot.Tree, $"snapshot {snapshot.ShortId}", cancellationToken);
        while (await tree.ReadAsync() is { } entry)
        {
            builder.Add(entry);
        }

        var (splits, units, _) = builder.Build();
        return new PathShare(new Partition(share.Count, splits, units), share.Index);
    }

    private async Task RestorePostgresAsync(
        ChunkReader reader, Snapshot snapshot, RestoreOutcome outcome, ProgressFeed progress, CancellationToken cancellationToken)
    {
        var files = await SnapshotFiles.LoadAsync(reader, snapshot, cancellationToken);
        if (request.DryRun)
        {
            var facts = await PostgresFacts.ReadAsync(files, cancellationToken);
            outcome.ComparedTables = await PostgresComparison.RunAsync(plan.Postgres(), facts, cancellationToken);
            if (await ArtifactRewrite.PrepareAsync(
                    request.Postgres.ArtifactMap, files, PostgresFiles.ArtifactUris, cancellationToken) is { } rewrite)
            {
                outcome.ColumnsToRewrite = await PostgresComparison.CountRewritesAsync(plan.Postgres(), rewrite, cancellationToken);
            }

            return;
        }

        outcome.Postgres = await PostgresRestore.RunAsync(
            plan.Postgres(), files, request.Postgres, progress.Postgres("postgres"), plan.Clock, cancellationToken);
    }

    private async Task<List<string>> FindReplacedAsync(CancellationToken cancellationToken)
    {
        var replaced = new List<string>();
        if (request.DryRun)
        {
            return replaced;
        }

        if (artifacts is not null)
        {
            using var target = plan.ArtifactTarget(request.To);
            if (!await target.IsEmptyAsync(cancellationToken))
            {
                replaced.Add(
                    $"bring {target.Description} to the state of {artifacts.Time:u}{(request.Artifacts.Delete ? ", deleting what that did not have" : "")}");
            }
        }

        if (postgres is not null)
        {
            var settings = plan.Postgres();
            var database = request.Postgres.TargetDatabase ?? settings.Database;
            if (database == settings.Database)
            {
                replaced.Add(
                    $"replace the database {database} on {settings.Host}:{settings.Port} with its state of {postgres.Time:u}"
                    + (request.Postgres.InPlace ? ", in place" : request.Postgres.DropPrevious ? ", dropping the present one" : ", keeping the present one under another name")
                    + (request.Postgres.ArtifactMap is { } map
                        ? $", its artifact URIs moved from {string.Join(" and from ", map.Mappings.Select(m => $"{ArtifactMapping.Shown(m.Old)} to {ArtifactMapping.Shown(m.New)}"))}"
                        : ""));
            }
        }

        return replaced;
    }

    /// <summary>A restore that came through is the best proof there is; retention keeps what was proven.</summary>
    private async Task RecordAsync(RestoreOutcome outcome, CancellationToken cancellationToken)
    {
        if (outcome.Incomplete || request.DryRun || request.Share is not null || !request.Artifacts.Filter.SelectsAll)
        {
            return;
        }

        var proven = new[] { artifacts, postgres }.OfType<Snapshot>().Select(s => s.Id).ToList();
        await new Verification(plan.Clock.GetUtcNow(), VerificationLevel.Restore, proven).RecordAsync(from.Repository, cancellationToken);
    }
}
