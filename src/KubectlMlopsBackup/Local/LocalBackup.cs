using KubectlMlopsBackup.Cluster.Api;
using KubectlMlopsBackup.Repository;
using KubectlMlopsBackup.Repository.Shares;
using KubectlMlopsBackup.Repository.Snapshots;
using KubectlMlopsBackup.Sources.Artifacts;
using KubectlMlopsBackup.Sources.Artifacts.Backup;
using KubectlMlopsBackup.Sources.ClusterConfig;

namespace KubectlMlopsBackup.Local;

/// <summary>Backs up components into the plan's first repository, mirrors to the others, prunes: each only after the one before.</summary>
internal sealed class LocalBackup(LocalPlan plan, BackupRequest request, ProgressFeed progress)
{
    private readonly List<ComponentOutcome> components = [];
    private readonly List<Exception> failures = [];

    /// <returns>The outcome, and what failed, for <c>-v</c>.</returns>
    /// <exception cref="UserError">Nothing could be started.</exception>
    public async Task<(BackupOutcome Outcome, IReadOnlyList<Exception> Failures)> RunAsync(CancellationToken cancellationToken)
    {
        await RepositoryTwins.RefuseAsync(plan, plan.Spec.Repositories, cancellationToken);
        var first = plan.Spec.Repositories[0];
        using var repository = await plan.OpenAsync(first, cancellationToken);
        // The database first: artifacts taken after it hold every file that it names.
        if (request.Components.Contains(Component.Postgres))
        {
            await RunAsync(Component.Postgres, () => PostgresAsync(repository, cancellationToken));
        }

        if (request.Share is { } share)
        {
            await CatchAsync(Component.Artifacts, () => ShareAsync(repository, share, cancellationToken));
        }
        else if (request.Components.Contains(Component.Artifacts))
        {
            await RunAsync(Component.Artifacts, () => ArtifactsAsync(repository, cancellationToken));
        }

        if (request.Components.Contains(Component.Config))
        {
            await RunAsync(Component.Config, () => ConfigAsync(repository, cancellationToken));
        }

        var consistency = await CheckAsync(first.Name, repository, cancellationToken);
        var mirrors = new List<MirrorOutcome>();
        if (!request.NoMirror && components.Exists(c => c.Snapshot is not null))
        {
            foreach (var other in plan.Spec.Repositories.Skip(1))
            {
                mirrors.Add(await LocalMirror.RunAsync(plan, repository, other, progress, cancellationToken));
            }
        }

        var prunes = await PruneAsync(mirrors, cancellationToken);
        var outcome = new BackupOutcome
        {
            Plan = plan.Name,
            Repository = first.Name,
            Components = components,
            Mirrors = mirrors,
            Prunes = prunes,
            Consistency = consistency,
            State = await LocalState.ReadAsync(
                plan, repository, mirrors.Where(m => m.Error is not null).ToDictionary(m => m.Repository, m => m.Error!), cancellationToken),
            ExitCode = (int)ExitCodeOf(mirrors, prunes),
        };
        return (outcome, failures);
    }

    private Task RunAsync(Component component, Func<Task<BackupResult>> run) => CatchAsync(component, async () =>
    {
        var (snapshot, damage) = await run();
        return Outcome(component, snapshot, [.. damage.Select(d => d.Message)]);
    });

    private static ComponentOutcome Outcome(Component component, Snapshot snapshot, IReadOnlyList<string> damage) => new(
        component,
        snapshot.Verdict == Verdict.Complete ? "complete" : "incomplete",
        snapshot.Id,
        snapshot.Time,
        snapshot.Stats,
        snapshot.Problems,
        snapshot.ProblemCount,
        null,
        damage);

    private async Task CatchAsync(Component component, Func<Task<ComponentOutcome>> run)
    {
        try
        {
            components.Add(await run());
        }
        catch (Exception e) when (e is not OperationCanceledException)
        {
            // One component that fails must not keep the others from being backed up.
            failures.Add(e);
            components.Add(new ComponentOutcome(component, "failed", null, null, null, [], 0, e.Message, []));
        }
    }

    private Task<BackupResult> PostgresAsync(BackupRepository repository, CancellationToken cancellationToken) =>
        PostgresSnapshot.RunAsync(
            repository, plan.Postgres(), plan.Name, plan.WriterOptions, progress.Postgres("postgres"), cancellationToken);

    private async Task<BackupResult> ArtifactsAsync(BackupRepository repository, CancellationToken cancellationToken)
    {
        using var source = plan.ArtifactSource();
        var counters = new BackupCounters();
        var previous = (await SnapshotCatalog.LoadAsync(repository, cancellationToken)).Latest(Component.Artifacts, plan.Name);
        using var feed = progress.Backup(counters, previous?.Stats.Files ?? 0, previous?.Stats.Bytes ?? 0);
        using var scan = previous is null ? SourceScan.Start(source, progress.Shown, cancellationToken) : null;
        return await new ArtifactBackup(repository, source, ArtifactOptions(source), counters).RunAsync(plan.WriterOptions, cancellationToken);
    }

    private async Task<BackupResult> ConfigAsync(BackupRepository repository, CancellationToken cancellationToken)
    {
        // Told before any cluster is asked.
        _ = plan.ConfigScope(request.Config, "");
        using var api = await ClusterApi.ConnectAsync(
            request.Cluster with { Namespace = request.Cluster.Namespace ?? plan.Plan.Metadata.Namespace }, plan.Clock, cancellationToken);
        progress.Shown.Begin("config: reading the cluster");
        var (snapshot, damage) = await ConfigBackup.RunAsync(
            repository, api, plan.ConfigScope(request.Config, api.Namespace), plan.Name, plan.WriterOptions, count => progress.Shown.AddFiles(count), cancellationToken);
        return new BackupResult(snapshot, damage);
    }

    private async Task<ComponentOutcome> ShareAsync(BackupRepository repository, ShareId id, CancellationToken cancellationToken)
    {
        using var source = plan.ArtifactSource();
        var counters = new BackupCounters();
        using var feed = progress.Backup(counters, 0, 0, $"artifacts: backing up {id}");
        var backup = new ShareBackup(repository, source, ArtifactOptions(source), counters, id)
        {
            Planned = load => progress.Shown.AddTotals(load.Files, load.Bytes),
        };
        var outcome = await backup.RunAsync(plan.WriterOptions, cancellationToken);
        if (outcome is { Commits: true, Snapshot: { } snapshot })
        {
            return Outcome(Component.Artifacts, snapshot, outcome.Damage) with { Share = id, ShareStats = outcome.Share?.Stats };
        }

        // Whoever makes the snapshot answers for what all shares left out.
        var share = outcome.Share;
        return new ComponentOutcome(
            Component.Artifacts,
            ComponentOutcome.ShareStored,
            null,
            share?.Time,
            share?.Stats,
            share?.Problems ?? [],
            share?.ProblemCount ?? 0,
            null,
            outcome.Damage) with
        { Share = id };
    }

    private ArtifactBackupOptions ArtifactOptions(IArtifactSource source) => new()
    {
        Plan = plan.Name,
        ForceRead = request.ForceRead,
        AllowEmpty = request.AllowEmpty,
        AllowEmptyAtFirst = plan.Spec.Artifacts?.AllowEmpty == true,
        Readers = ArtifactBackupOptions.ReadersFor(source),
    };

    /// <summary>
    /// Seconds, beside the minutes of a backup: whoever looks at the list later knows what this recovery point is worth. What the platform itself has lost
    /// is no fault of the backup, and does not change its exit code.
    /// </summary>
    private async Task<ConsistencyOutcome?> CheckAsync(string name, BackupRepository repository, CancellationToken cancellationToken)
    {
        if (components.Find(c => c is { Component: Component.Artifacts, Snapshot: not null })?.Snapshot is not { } artifacts)
        {
            return null;
        }

        RecoveryPoint? point = null;
        try
        {
            var catalog = await SnapshotCatalog.LoadAsync(repository, cancellationToken);
            point = RecoveryPoint.In(catalog.Snapshots).LastOrDefault(p => p.Artifacts?.Id == artifacts && p is { Postgres: not null } && p.Plan == plan.Name);
            return point is null
                ? null
                : new ConsistencyOutcome(
                    point.Id, (await new LocalConsistency(plan, progress).OfPointAsync(name, repository, point, cancellationToken)).Proof(), null);
        }
        catch (Exception e) when (e is UserError or IOException)
        {
            return new ConsistencyOutcome(point?.Id ?? "", null, e.Message);
        }
    }

    /// <summary>Only after everything went well: a backup that failed must not be followed by the deletion of a good one.</summary>
    private async Task<IReadOnlyList<PruneOutcome>?> PruneAsync(
        List<MirrorOutcome> mirrors, CancellationToken cancellationToken)
    {
        if (!request.Prune || components.Exists(c => c.Verdict != "complete") || mirrors.Exists(m => m.Error is not null))
        {
            return null;
        }

        progress.Shown.Begin("prune");
        var (outcomes, failure) = await LocalPrune.RunAsync(
            plan, null, dryRun: false, cancellationToken, waiting => progress.Shown.Begin(waiting));
        // Two backups at once: the other one's prune is as good.
        if (failure is not null && !outcomes.All(o => o.Error is null || o.Busy))
        {
            failures.Add(failure);
        }

        return outcomes;
    }

    private ExitCode ExitCodeOf(List<MirrorOutcome> mirrors, IReadOnlyList<PruneOutcome>? prunes)
    {
        if (components.Exists(c => c.Verdict == "failed"))
        {
            // A single component that failed says itself how: a wrong plan, for example.
            return components.Count == 1 && failures[0] is UserError error ? error.Code : ExitCode.Failed;
        }

        if (components.Exists(c => c.Damage.Count > 0 && c.Verdict != ComponentOutcome.ShareStored)
            || mirrors.Exists(m => m.Report?.Damages.Count > 0))
        {
            return ExitCode.CheckFailed;
        }

        return components.Exists(c => c.Verdict == "incomplete")
            || mirrors.Exists(m => m.Error is not null)
            || prunes?.Any(p => p is { Error: not null, Busy: false }) == true
            ? ExitCode.Incomplete
            : ExitCode.Done;
    }
}
