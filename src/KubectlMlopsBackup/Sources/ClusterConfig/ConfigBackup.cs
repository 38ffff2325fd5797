using System.Text;
using System.Text.Json;
using KubectlMlopsBackup.Cluster.Api;
using KubectlMlopsBackup.Repository;
using KubectlMlopsBackup.Repository.Snapshots;
using KubectlMlopsBackup.Repository.Writing;

namespace KubectlMlopsBackup.Sources.ClusterConfig;

/// <summary>Makes one snapshot of the configuration: a file of YAML an object.</summary>
internal static class ConfigBackup
{
    /// <param name="found">Told of how many objects were found since the last time.</param>
    /// <returns>The snapshot, and the damage to the repository that was seen on the way.</returns>
    /// <exception cref="UserError">Secrets would be stored in the clear, or a namespace is not there.</exception>
    /// <exception cref="ClusterException">The API server does not answer.</exception>
    public static async Task<(Snapshot Snapshot, IReadOnlyList<RepositoryDamagedException> Damage)> RunAsync(
        BackupRepository repository,
        ClusterApi api,
        ConfigScope scope,
        string plan,
        WriterOptions options,
        Action<int>? found,
        CancellationToken cancellationToken)
    {
        RefuseInTheClear(repository, scope);
        var time = repository.Clock.GetUtcNow();
        var collected = await new ConfigCollector(api, scope, found).RunAsync(cancellationToken);
        await using var run = await SnapshotRun.StartAsync(repository, Component.Config, plan, options, cancellationToken);
        var sink = new SnapshotSink(run.Writer, repository.DataChunker(), repository.Clock);
        try
        {
            foreach (var one in collected.Objects)
            {
                using var content = new MemoryStream(Encoding.UTF8.GetBytes(ObjectYaml.Document(one)), writable: false);
                await sink.WriteFileAsync(one.Key.Path, content, cancellationToken);
            }

            await sink.WriteTreeAsync(run.Tree);
            var stats = new SnapshotStats { Files = sink.Count, Bytes = sink.Bytes, BytesRead = sink.Bytes };
            var snapshot = await run.CommitAsync(
                (tree, final) => new Snapshot
                {
                    Format = RepositoryConfig.CurrentFormat,
                    Component = Component.Config,
                    Time = time,
                    Finished = time,
                    Plan = plan,
                    Source = $"kubernetes://{api.Server.Authority}/{string.Join(',', scope.Namespaces)}",
                    Host = Environment.MachineName,
                    Tool = ToolVersion.Current,
                    Verdict = collected.Problems.Count == 0 ? Verdict.Complete : Verdict.Incomplete,
                    Problems = [.. collected.Problems.Take(Snapshot.MaxProblems)],
                    ProblemCount = collected.Problems.Count,
                    Tree = tree,
                    Stats = final,
                    Facts = JsonSerializer.SerializeToElement(collected.Summary, ConfigJson.Default.ConfigSummary),
                },
                stats,
                cancellationToken);
            return (snapshot, run.Damage);
        }
        catch (Exception e) when (run.Writer.Cause(e) != e)
        {
            throw run.Writer.Cause(e);
        }
    }

    private static void RefuseInTheClear(BackupRepository repository, ConfigScope scope)
    {
        if (scope.Secrets == SecretsMode.Include && !repository.Config.Encrypted)
        {
            throw new UserError(
                "Secrets are not stored in a repository that is not encrypted",
                "make an encrypted repository (spec.encryption), or keep only the names of Secrets and their keys: --secrets=names-only, spec.config.secrets in the plan",
                ExitCode.Usage);
        }
    }
}
