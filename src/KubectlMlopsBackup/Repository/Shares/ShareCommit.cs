using KubectlMlopsBackup.Repository.Snapshots;
using KubectlMlopsBackup.Repository.Writing;

namespace KubectlMlopsBackup.Repository.Shares;

/// <summary>Makes one snapshot of all shares. Two processes that do it for one run write the same object.</summary>
internal sealed class ShareCommit(BackupRepository repository, SharePlan plan, IReadOnlyList<StoredShare> shares)
{
    /// <param name="writerOptions">How.</param>
    /// <param name="accept">Throws where a snapshot of such figures is not to be.</param>
    /// <param name="cancellationToken">Stops it.</param>
    /// <exception cref="UserError">The run took too long: see <see cref="SnapshotRun.LongestRun"/>.</exception>
    /// <exception cref="RepositoryDamagedException">The shares cannot be put together.</exception>
    public async Task<(Snapshot Snapshot, IReadOnlyList<RepositoryDamagedException> Damage)> RunAsync(
        WriterOptions writerOptions, Action<Snapshot> accept, CancellationToken cancellationToken)
    {
        // The look at the repository comes after the last share was written, so that its chunks are known.
        await using var run = await SnapshotRun.StartAsync(
            repository, Component.Artifacts, plan.Plan, writerOptions, cancellationToken);
        try
        {
            var merge = new TreeMerge(run.Reader, Partition.Of(plan), shares);
            await foreach (var entry in merge.RunAsync(run.Writer.Stopping))
            {
                await run.Tree.AddAsync(entry);
            }

            var tree = await run.FinishAsync();
            SnapshotRun.RefuseIfTooLong(shares.Min(s => s.Started), repository.Clock.GetUtcNow());
            var draft = Draft(tree);
            accept(draft);
            return (await run.CommitSameAsync(draft, cancellationToken), run.Damage);
        }
        catch (Exception e) when (run.Writer.Cause(e) != e)
        {
            throw run.Writer.Cause(e);
        }
    }

    /// <summary>Of plan and shares alone: nothing of this process may be in it.</summary>
    private Snapshot Draft(TreeRef tree)
    {
        var named = shares.SelectMany(s => s.Problems).OrderBy(p => p.Path, StringComparer.Ordinal).ThenBy(p => p.Reason, StringComparer.Ordinal).ToList();
        // What a folder that several shares look into has, each of them tells.
        var different = named.Distinct().ToList();
        var problems = shares.Sum(s => s.ProblemCount) - (named.Count - different.Count);
        return new Snapshot
        {
            Format = RepositoryConfig.CurrentFormat,
            Component = Component.Artifacts,
            Time = shares.Min(s => s.Time),
            Finished = shares.Max(s => s.Finished),
            Plan = plan.Plan,
            Source = plan.Source,
            Host = shares[0].Host,
            Tool = shares[0].Tool,
            Verdict = problems == 0 ? Verdict.Complete : Verdict.Incomplete,
            Problems = [.. different.Take(Snapshot.MaxProblems)],
            ProblemCount = problems,
            Tree = tree,
            Stats = Sum(),
            Follows = plan.Parent,
            Run = plan.Run,
            Shares = plan.Count,
        };
    }

    private SnapshotStats Sum() => new()
    {
        Files = shares.Sum(s => s.Stats.Files),
        Directories = shares.Sum(s => s.Stats.Directories),
        Links = shares.Sum(s => s.Stats.Links),
        Bytes = shares.Sum(s => s.Stats.Bytes),
        UnchangedFiles = shares.Sum(s => s.Stats.UnchangedFiles),
        BytesRead = shares.Sum(s => s.Stats.BytesRead),
        NewChunks = shares.Sum(s => s.Stats.NewChunks),
        BytesNew = shares.Sum(s => s.Stats.BytesNew),
        BytesStored = shares.Sum(s => s.Stats.BytesStored),
        Seconds = (shares.Max(s => s.Finished) - shares.Min(s => s.Started)).TotalSeconds,
    };
}
