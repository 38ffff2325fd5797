using KubectlMlopsBackup.Configuration;
using KubectlMlopsBackup.Local;
using KubectlMlopsBackup.Output;
using KubectlMlopsBackup.Repository.Index;
using KubectlMlopsBackup.Repository.Reading;
using KubectlMlopsBackup.Repository.Snapshots;
using KubectlMlopsBackup.Sources.Postgres;

namespace KubectlMlopsBackup.Recovery.Checks;

/// <summary>Runs the checks of a plan that need no API server, a few at once.</summary>
internal sealed class PlatformCheckRun(LocalPlan plan, PlatformCheckOptions options)
{
    private const int AtOnce = 4;

    private OpenRepositories? repositories;
    private Exception? unopened;

    /// <summary>MLflow cannot download what it has in a bucket, or what was not restored: no pod of a drill but this program's own has a way out.</summary>
    private bool IsBucketOutOfReach => options.Isolated && plan.Spec.Artifacts is null or { S3: not null };

    /// <returns>One a check, in the order of the plan.</returns>
    /// <param name="done">Told of each as it ends.</param>
    /// <param name="cancellationToken">Stops it.</param>
    public async Task<IReadOnlyList<CheckResult>> RunAsync(Action<CheckResult> done, CancellationToken cancellationToken)
    {
        var checks = CheckDefaults.Of(plan.Spec).ToList();
        // The pods are looked at from where there is an API server. Elsewhere only who asks for them is told that they were not.
        var noPods = options.InCluster || plan.Spec.Recovery.Checks is null;
        var mine = checks.Select((Check, Index) => (Check, Index)).Where(c => !noPods || c.Check.Pods is null).ToList();
        try
        {
            if (mine.Exists(c => c.Check is { Rows: not null } or { Artifacts: not null } or { Consistency: not null } || (c.Check.Mlflow is not null && IsBucketOutOfReach)))
            {
                await OpenAsync(cancellationToken);
            }

            using var turns = new SemaphoreSlim(AtOnce);
            return await Task.WhenAll(mine.Select(async c =>
            {
                await turns.WaitAsync(cancellationToken);
                try
                {
                    var result = await RunAsync(c.Check, $"spec.recovery.checks[{c.Index}].{c.Check.Kinds()[0]}", cancellationToken);
                    done(result);
                    return result;
                }
                finally
                {
                    turns.Release();
                }
            }));
        }
        finally
        {
            repositories?.Dispose();
        }
    }

    /// <summary>Where none can be opened, the other checks are worth running all the same.</summary>
    private async Task OpenAsync(CancellationToken cancellationToken)
    {
        try
        {
            repositories = await OpenRepositories.OpenAsync(plan, options.Repository, cancellationToken);
        }
        catch (Exception e) when (e is UserError or IOException)
        {
            unopened = e;
        }
    }

    private async Task<CheckResult> RunAsync(CheckSpec check, string field, CancellationToken cancellationToken)
    {
        CheckHttp? http = null;
        try
        {
            var (server, why) = check.Endpoint() is { } endpoint ? Server(endpoint) : (null, null);
            if (why is not null)
            {
                return await CheckRunner.RunAsync(check, _ => Task.FromResult(CheckFinding.Skipped(why)), plan.Clock, cancellationToken);
            }

            return await CheckRunner.RunAsync(
                check,
                token =>
                {
                    http ??= server is null ? null : new CheckHttp(server, check.Endpoint()!.Service is not null, check.Endpoint()!.Credentials, field);
                    return check switch
                    {
                        { Http: { } spec } => HttpCheck.RunAsync(http!, spec, token),
                        { Mlflow: { } spec } => MlflowAsync(http!, spec, token),
                        { Prometheus: { } spec } => PrometheusCheck.RunAsync(http!, spec, token),
                        { Sql: { } spec } => SqlCheck.RunAsync(plan.Postgres(), spec, token),
                        { Rows: { } spec } => RowsAsync(spec, token),
                        { Artifacts: { } spec } => ArtifactsAsync(spec, token),
                        { Consistency: { } spec } => ConsistencyAsync(spec, token),
                        _ => Task.FromResult(CheckFinding.Skipped("pods are looked at in a cluster only: leave out --local")),
                    };
                },
                plan.Clock,
                cancellationToken);
        }
        finally
        {
            http?.Dispose();
        }
    }

    /// <returns>The address; or why it cannot be gone to.</returns>
    private (Uri? Server, string? Why) Server(IEndpointSpec endpoint)
    {
        if (endpoint.Url is { } url)
        {
            return options.Isolated ? (null, $"{url.Split('?')[0]} is not of the platform that was recovered: name a service instead of a url") : (new Uri(url), null);
        }

        if (options.Services.TryGetValue(endpoint.Service!, out var there))
        {
            return (there, null);
        }

        return options.InCluster
            ? (new Uri($"http://{endpoint.Service}:{endpoint.Port}"), null)
            : (null, $"the Service {endpoint.Service} is not to be reached from here: name an address with --service {endpoint.Service}=URL, or leave out --local");
    }

    private async Task<CheckFinding> MlflowAsync(CheckHttp http, MlflowCheckSpec spec, CancellationToken cancellationToken)
    {
        if (!IsBucketOutOfReach)
        {
            return await new MlflowCheck(http, spec).RunAsync(cancellationToken);
        }

        using var source = plan.ArtifactBucket();
        var models = source is null
            ? new RestoredModels("nowhere", null, LocalConsistency.Roots(plan.Spec, ""))
            : new RestoredModels(source.Description, source.OpenAsync, LocalConsistency.Roots(plan.Spec, Chosen(Component.Artifacts).Snapshot.Source));
        return await new MlflowCheck(http, spec, models).RunAsync(cancellationToken);
    }

    private async Task<CheckFinding> RowsAsync(RowsCheckSpec spec, CancellationToken cancellationToken)
    {
        var (from, snapshot) = Chosen(Component.Postgres);
        using var reader = new ChunkReader(from.Repository, (await IndexLoader.LoadAsync(from.Repository, cancellationToken)).Index);
        var facts = await PostgresFacts.ReadAsync(await SnapshotFiles.LoadAsync(reader, snapshot, cancellationToken), cancellationToken);
        var tables = await PostgresComparison.RunAsync(plan.Postgres(), facts, cancellationToken);
        return RowsCheck.Judge(tables, options.Exact, spec.MayLack, $"snapshot {snapshot.ShortId} of {snapshot.Time:u}");
    }

    private async Task<CheckFinding> ArtifactsAsync(ArtifactsCheckSpec spec, CancellationToken cancellationToken)
    {
        var (from, snapshot) = Chosen(Component.Artifacts);
        using var source = plan.ArtifactSource();
        using var reader = new ChunkReader(from.Repository, (await IndexLoader.LoadAsync(from.Repository, cancellationToken)).Index);
        return await new ArtifactSample(reader, snapshot, source, options.Exact).RunAsync(spec.Sample, Random.Shared, cancellationToken);
    }

    private async Task<CheckFinding> ConsistencyAsync(ConsistencyCheckSpec spec, CancellationToken cancellationToken)
    {
        var (from, point) = options.Selection.Pair(repositories ?? throw unopened!, plan.Name);
        if (point is not { Postgres: not null, Artifacts: not null })
        {
            return CheckFinding.Skipped($"recovery point {point.ShortId} has no {(point.Postgres is null ? "database" : "artifacts")}: there is nothing to hold against each other");
        }

        try
        {
            var report = await new LocalConsistency(plan, new ProgressFeed(new ProgressCounters(), plan.Clock)).OfPointAsync(
                from.Name, from.Repository, point, cancellationToken);
            return ConsistencyJudge.Judge(report.Findings, report.Proof(), spec.MayMiss, $"recovery point {point.ShortId}");
        }
        catch (Exception e) when (e is FileNotFoundException or UserError)
        {
            // Such as one that was imported, or made by a version that did not record what must be there.
            return CheckFinding.Skipped($"recovery point {point.ShortId} cannot be judged: {e.Message}");
        }
    }

    /// <summary>Of the recovery point that is meant; or a snapshot of its own, where no recovery point is complete.</summary>
    private (OpenRepository From, Snapshot Snapshot) Chosen(Component component)
    {
        if (repositories is null)
        {
            throw unopened!;
        }

        return options.Selection.Snapshot(repositories, component, plan.Name);
    }
}
