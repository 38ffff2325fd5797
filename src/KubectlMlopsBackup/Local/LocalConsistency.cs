using System.Runtime.CompilerServices;
using KubectlMlopsBackup.Configuration;
using KubectlMlopsBackup.Mlflow;
using KubectlMlopsBackup.Mlflow.Consistency;
using KubectlMlopsBackup.Repository;
using KubectlMlopsBackup.Repository.Index;
using KubectlMlopsBackup.Repository.Reading;
using KubectlMlopsBackup.Repository.Snapshots;
using KubectlMlopsBackup.Repository.Trees;
using KubectlMlopsBackup.Sources.Artifacts;
using KubectlMlopsBackup.Sources.Postgres;

namespace KubectlMlopsBackup.Local;

/// <summary>Holds MLflow's database against its artifacts: of a recovery point, without restoring either, or of the live platform.</summary>
internal sealed class LocalConsistency(LocalPlan plan, ProgressFeed progress)
{
    private const int KeptProblems = 20;

    /// <summary>Of a recovery point that has both. What it comes to is recorded in the repository.</summary>
    /// <exception cref="UserError">It lacks one of them, or its snapshot was made by a version that did not record what is needed.</exception>
    /// <exception cref="RepositoryDamagedException">What it needs cannot be read.</exception>
    public async Task<ConsistencyReport> OfPointAsync(
        string repositoryName, BackupRepository repository, RecoveryPoint point, CancellationToken cancellationToken)
    {
        if (point is not { Postgres: { } postgres, Artifacts: { } artifacts })
        {
            throw new UserError(
                $"recovery point {point.ShortId} has no {(point.Postgres is null ? "database" : "artifacts")}: there is nothing to hold against each other",
                "choose another with --from: kubectl mlopsbackup list --recovery-points",
                ExitCode.Usage);
        }

        var started = plan.Clock.GetTimestamp();
        progress.Shown.Begin("mlflow: reading the index");
        var loaded = await IndexLoader.LoadAsync(repository, cancellationToken);
        using var reader = new ChunkReader(repository, loaded.Index);
        var files = await SnapshotFiles.LoadAsync(reader, postgres, cancellationToken);
        progress.Shown.Begin("mlflow: comparing database and artifacts", artifacts.Stats.Files, artifacts.Stats.Bytes);
        await using var list = await files.OpenAsync(PostgresFiles.ArtifactUris, cancellationToken);
        var roots = Roots(artifacts.Source);
        var findings = await ConsistencyCheck.RunAsync(
            ArtifactReferences.ReadAsync(list, cancellationToken), FilesAsync(reader, artifacts, cancellationToken), roots, postgres.Time, cancellationToken);
        var report = new ConsistencyReport
        {
            Repository = repositoryName,
            RecoveryPoint = point.Id,
            PostgresSnapshot = postgres.Id,
            ArtifactsSnapshot = artifacts.Id,
            Database = postgres.Source,
            DatabaseTime = postgres.Time,
            Artifacts = artifacts.Source,
            ArtifactsTime = artifacts.Time,
            Roots = roots.Names,
            Findings = findings,
            Seconds = plan.Clock.GetElapsedTime(started).TotalSeconds,
        };
        await new Verification(plan.Clock.GetUtcNow(), VerificationLevel.Mlflow, [postgres.Id, artifacts.Id]) { Consistency = report.Proof() }
            .RecordAsync(repository, cancellationToken);
        return report;
    }

    /// <summary>The database at one instant against the artifacts from that instant on: MLflow writes a file before it names it.</summary>
    /// <exception cref="UserError">One of them is not in the plan, or cannot be reached.</exception>
    public async Task<ConsistencyReport> LiveAsync(CancellationToken cancellationToken)
    {
        var started = plan.Clock.GetTimestamp();
        var settings = plan.Postgres();
        using var source = plan.ArtifactSource();
        await using var references = await LiveReferences.OpenAsync(settings, cancellationToken);
        progress.Shown.Begin("mlflow: comparing database and artifacts");
        var roots = Roots(source.Description);
        var problems = new List<Problem>();
        var count = 0L;
        var findings = await ConsistencyCheck.RunAsync(
            references.ReadAsync(cancellationToken),
            FilesAsync(source, problem =>
            {
                count++;
                if (problems.Count < KeptProblems)
                {
                    problems.Add(problem);
                }
            }, cancellationToken),
            roots,
            references.Time,
            cancellationToken);
        return new ConsistencyReport
        {
            Database = $"postgres://{settings.Host}:{settings.Port}/{settings.Database}",
            DatabaseTime = references.Time,
            Artifacts = source.Description,
            ArtifactsTime = references.Time,
            Roots = roots.Names,
            Findings = findings,
            Problems = problems,
            ProblemCount = count,
            Seconds = plan.Clock.GetElapsedTime(started).TotalSeconds,
        };
    }

    private ArtifactRoots Roots(string source) => Roots(plan.Spec, source);

    /// <summary>Where the artifacts were read from, where the plan has them now, and what else it says that MLflow calls that place.</summary>
    public static ArtifactRoots Roots(PlanSpec spec, string source)
    {
        var artifacts = spec.Artifacts;
        var planned = artifacts?.S3 is { } s3 ? $"s3://{s3.Bucket}/{s3.Prefix}" : artifacts?.Path;
        return ArtifactRoots.Of(source, [.. artifacts?.Uris ?? [], .. planned is null ? Array.Empty<string>() : [planned]]);
    }

    private async IAsyncEnumerable<FoundArtifact> FilesAsync(
        ChunkReader reader, Snapshot snapshot, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        await using var tree = new TreeReader(reader, snapshot.Tree, $"snapshot {snapshot.ShortId}", cancellationToken);
        while (await tree.ReadAsync() is { } entry)
        {
            if (IsFile(entry))
            {
                yield return Found(entry);
            }
        }
    }

    private async IAsyncEnumerable<FoundArtifact> FilesAsync(
        IArtifactSource source, Action<Problem> tell, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        await foreach (var item in source.WalkAsync(null, cancellationToken))
        {
            if (item.Problem is { } problem)
            {
                tell(new Problem(item.Entry.DisplayPath, problem));
            }
            else if (IsFile(item.Entry))
            {
                yield return Found(item.Entry);
            }
        }
    }

    /// <summary>An empty object whose name ends in a slash is what tools show as a folder.</summary>
    private static bool IsFile(TreeEntry entry) =>
        entry.Type != EntryType.Directory && !(entry is { Type: EntryType.S3Object, Size: 0 } && entry.Path[^1] == (byte)'/');

    private FoundArtifact Found(TreeEntry entry)
    {
        progress.Shown.AddFiles(1);
        progress.Shown.AddBytes(entry.Size);
        return new FoundArtifact(entry.Path, entry.Size, entry.ModifiedNanoseconds);
    }
}
