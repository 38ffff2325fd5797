using KubectlMlopsBackup.Repository;
using KubectlMlopsBackup.Repository.Shares;
using KubectlMlopsBackup.Repository.Snapshots;
using KubectlMlopsBackup.Repository.Writing;

namespace KubectlMlopsBackup.Sources.Artifacts.Backup;

/// <summary>
/// One process's part of a backup that several make (docs/repository-format.md, "Shares"). Run again after it was cut off at any point, it goes on from there.
/// </summary>
internal sealed class ShareBackup(
    BackupRepository repository, IArtifactSource source, ArtifactBackupOptions options, BackupCounters counters, ShareId id)
{
    private readonly ShareObjects objects = new(repository, id.Run);

    /// <summary>Told what this share is expected to have, before it is read.</summary>
    public Action<ShareLoad>? Planned { get; init; }

    /// <exception cref="UserError">
    /// The run is another plan's, has another number of shares or is too old; nothing was found; the store refuses.
    /// </exception>
    /// <exception cref="RepositoryDamagedException">What the run left in the repository is damaged.</exception>
    public async Task<ShareOutcome> RunAsync(WriterOptions writerOptions, CancellationToken cancellationToken)
    {
        SharePlan plan;
        StoredShare share;
        Snapshot? parent;
        await using (var run = await SnapshotRun.StartAsync(
            repository, Component.Artifacts, options.Plan, writerOptions, cancellationToken))
        {
            if (run.Catalog.Snapshots.LastOrDefault(s => s.Run == id.Run) is { } committed)
            {
                return await CommittedAsync(run, committed, cancellationToken);
            }

            plan = await objects.FindPlanAsync(cancellationToken)
                ?? await objects.PutPlanAsync(
                    await new SharePlanner(source, run.Reader).MakeAsync(
                        id, options.Plan, run.Previous, run.Started, cancellationToken),
                    cancellationToken);
            RefuseOther(plan);
            parent = run.Catalog.Snapshots.FirstOrDefault(s => s.Id == plan.Parent);
            share = await objects.FindShareAsync(id.Index, plan, cancellationToken)
                ?? await MakeAsync(run, plan, parent ?? run.Previous, writerOptions, cancellationToken);
        }

        if (await objects.AllAsync(plan, cancellationToken) is not { } all)
        {
            return new ShareOutcome(share, null, Commits: false, Missing: true, share.Damage);
        }

        if (await objects.ClaimCommitAsync(id.Index, plan, cancellationToken) != id.Index)
        {
            return new ShareOutcome(share, null, Commits: false, Missing: false, share.Damage);
        }

        var (snapshot, damage) = await new ShareCommit(repository, plan, all).RunAsync(
            writerOptions,
            s => ArtifactBackup.RefuseNothing(options, plan.Source, s.Stats.Files, s.ProblemCount, s.Problems, parent),
            cancellationToken);
        return new ShareOutcome(
            share, snapshot, Commits: true, Missing: false, [.. all.SelectMany(s => s.Damage).Concat(damage.Select(d => d.Message)).Distinct()]);
    }

    private async Task<StoredShare> MakeAsync(
        SnapshotRun run, SharePlan plan, Snapshot? before, WriterOptions writerOptions, CancellationToken cancellationToken)
    {
        Planned?.Invoke(plan.Expected[id.Index]);
        var share = await new ArtifactBackup(repository, source, options, counters).RunShareAsync(
            run, new PathShare(Partition.Of(plan), id.Index), before, id, writerOptions, cancellationToken);
        return await objects.PutShareAsync(share with { PlanSum = plan.Sum }, plan, cancellationToken);
    }

    /// <summary>A process that was cut off after the commit runs again, and has what comes after it still to do.</summary>
    private async Task<ShareOutcome> CommittedAsync(SnapshotRun run, Snapshot snapshot, CancellationToken cancellationToken)
    {
        if (snapshot.Plan != options.Plan || repository.Clock.GetUtcNow() - snapshot.Finished > SnapshotRun.LongestRun)
        {
            throw new UserError(
                $"run {id.Run} was committed on {snapshot.Finished:u} (snapshot {snapshot.ShortId} of plan {snapshot.Plan})",
                "a run's id is used once: give another with --share-run",
                ExitCode.Usage);
        }

        var commits = (await objects.FindCommitterAsync(cancellationToken))?.Index == id.Index;
        if (commits)
        {
            await SnapshotCommit.WriteMissingReceiptsAsync(repository, run.Writer.Session, run.Catalog, cancellationToken);
        }

        return new ShareOutcome(null, snapshot, commits, Missing: false, []);
    }

    private void RefuseOther(SharePlan plan)
    {
        if (plan.Plan != options.Plan || plan.Source != source.Description || plan.Count != id.Count || plan.Run != id.Run)
        {
            throw new UserError(
                $"run {id.Run} is of plan {plan.Plan}, {plan.Source}, in {plan.Count} shares; this is plan {options.Plan}, {source.Description}, in {id.Count}",
                "all shares of a run have the same plan, source and count; a run's id is used once: give another with --share-run",
                ExitCode.Usage);
        }

        SnapshotRun.RefuseIfTooLong(plan.Created, repository.Clock.GetUtcNow());
    }
}
