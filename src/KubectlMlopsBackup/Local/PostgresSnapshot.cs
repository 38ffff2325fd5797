using System.Text.Json;
using KubectlMlopsBackup.Repository;
using KubectlMlopsBackup.Repository.Snapshots;
using KubectlMlopsBackup.Repository.Writing;
using KubectlMlopsBackup.Sources.Artifacts.Backup;
using KubectlMlopsBackup.Sources.Postgres;

namespace KubectlMlopsBackup.Local;

/// <summary>Makes one postgres snapshot.</summary>
internal static class PostgresSnapshot
{
    /// <param name="origin">Of a dump that was made earlier, and is in the database now; null where the database itself is backed up.</param>
    public static async Task<BackupResult> RunAsync(
        BackupRepository repository,
        PostgresSettings settings,
        string plan,
        WriterOptions options,
        IProgress<PostgresProgress>? progress,
        CancellationToken cancellationToken,
        SnapshotOrigin? origin = null)
    {
        await using var run = await SnapshotRun.StartAsync(
            repository, Component.Postgres, plan, options, cancellationToken);
        var sink = new SnapshotSink(run.Writer, repository.DataChunker(), repository.Clock);
        try
        {
            var facts = await PostgresBackup.RunAsync(
                settings, sink, progress, repository.Clock, cancellationToken, origin is null ? null : f => f with
                {
                    Time = origin.Time,
                    Database = f.Database with { Name = origin.Database ?? f.Database.Name },
                });
            await sink.WriteTreeAsync(run.Tree);
            var stats = new SnapshotStats { Files = sink.Count, Bytes = sink.Bytes, BytesRead = sink.Bytes };
            var snapshot = await run.CommitAsync(
                (tree, final) => Draft(origin?.Source ?? $"postgres://{settings.Host}:{settings.Port}/{settings.Database}", plan, facts, tree, final), stats, cancellationToken);
            return new BackupResult(snapshot, run.Damage);
        }
        catch (Exception e) when (run.Writer.Cause(e) != e)
        {
            throw run.Writer.Cause(e);
        }
    }

    private static Snapshot Draft(
        string source, string plan, PostgresFacts facts, TreeRef tree, SnapshotStats stats) => new()
        {
            Format = RepositoryConfig.CurrentFormat,
            Component = Component.Postgres,
            Time = facts.Time,
            Finished = facts.Time,
            Plan = plan,
            Source = source,
            Host = Environment.MachineName,
            Tool = ToolVersion.Current,
            Verdict = facts.Warnings.Count == 0 ? Verdict.Complete : Verdict.Incomplete,
            Problems = [.. facts.Warnings.Select(w => new Problem("", w))],
            ProblemCount = facts.Warnings.Count,
            Tree = tree,
            Stats = stats,
            Facts = JsonSerializer.SerializeToElement(
            new PostgresSummary(
                facts.ServerVersion,
                facts.Database.SizeBytes,
                facts.Tables.Count,
                facts.Tables.Sum(t => t.Rows),
                facts.ArtifactUris,
                facts.AlembicVersion),
            LocalJson.Default.PostgresSummary),
        };
}
