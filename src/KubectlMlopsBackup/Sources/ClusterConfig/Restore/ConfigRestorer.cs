using KubectlMlopsBackup.Cluster.Api;

namespace KubectlMlopsBackup.Sources.ClusterConfig.Restore;

/// <summary>
/// Puts the objects of a configuration snapshot back, in the order in which they depend on each other, with the rights of whoever calls the API.
/// Calling it again goes on where it stopped: what is there is left alone, or brought to the snapshot's state.
/// </summary>
/// <example>
/// <code>
/// var reading = await ConfigFiles.ReadAsync(reader, snapshot, ct);                  // or ReadTarAsync: the stream of "export config"
/// var options = new ConfigRestoreOptions { Namespaces = new Dictionary&lt;string, string&gt; { ["mlops"] = "dr-test" }, HoldWorkloads = true };
/// var restorer = new ConfigRestorer(api, options, clock);
/// restorer.Steps(reading.Objects);                                                  // what would be applied, in order; asks no cluster
/// var first = await restorer.RunAsync(reading.Objects, RestoreOrder.BeforeWorkloads, ct);
/// var second = await restorer.RunAsync(reading.Objects, RestoreOrder.FromWorkloads, ct);
/// // … restore the data …
/// await WorkloadHold.ReleaseAsync(api, "dr-test", ct);                              // all, or WorkloadScaler.StartAsync one by one
/// first.Then(second).Incomplete                                                     // exit code 3
/// </code>
/// </example>
/// <param name="tell">Is told of each object once it is done; from several threads. Null for nobody.</param>
internal sealed class ConfigRestorer(ClusterApi api, ConfigRestoreOptions options, TimeProvider clock, Action<RestoredObject>? tell = null)
{
    /// <summary>Requests at once.</summary>
    private const int AtOnce = 8;

    /// <summary>What would be applied, rewritten, in its order. Asks no cluster.</summary>
    public IReadOnlyList<RestoreStep> Steps(IReadOnlyList<ConfigObject> objects) => RestoreOrder.Steps(Rewrite(objects).Objects);

    /// <summary>What would be applied, what would be left out, and what a person should look at. Asks no cluster.</summary>
    public RewrittenConfig Rewrite(IReadOnlyList<ConfigObject> objects) => new ConfigRewriter(options, objects, clock.GetUtcNow()).Rewrite();

    /// <summary>The steps of the options.</summary>
    public Task<ConfigRestoreReport> RunAsync(IReadOnlyList<ConfigObject> objects, CancellationToken cancellationToken) =>
        RunAsync(objects, options.Phases, cancellationToken);

    /// <param name="objects">All of the snapshot, whichever steps are done: what refers to what is known by them.</param>
    /// <param name="phases">Only these steps; null for all.</param>
    /// <exception cref="ClusterException">The API server does not answer, or does not say which kinds it has. What one object meets is in the report.</exception>
    public async Task<ConfigRestoreReport> RunAsync(IReadOnlyList<ConfigObject> objects, IReadOnlySet<RestorePhase>? phases, CancellationToken cancellationToken)
    {
        var rewritten = Rewrite(objects);
        var done = rewritten.Skipped
            .Where(s => phases?.Contains(RestoreOrder.PhaseOf(s.Object.Key)) != false)
            .Select(s => new RestoredObject(
                s.Object.Key.ToString(), s.Object.Key.Namespace, RestoreOrder.PhaseOf(s.Object.Key), RestoreAction.Skipped, s.Reason, null, s.Object.ManagedBy))
            .ToList();
        var run = new RestoreRun(api, options, clock, rewritten.Objects, await ApiCatalog.ReadAsync(api, cancellationToken));
        var failed = new List<(ConfigObject Object, int Index)>();
        foreach (var step in RestoreOrder.Steps(rewritten.Objects).Where(s => phases?.Contains(s.Phase) != false))
        {
            foreach (var group in step.Objects.GroupBy(o => RestoreOrder.Rank(o.Key)))
            {
                var wanted = group.ToList();
                var results = await ApplyAsync(run, wanted, cancellationToken);
                failed.AddRange(wanted.Select((o, i) => (o, done.Count + i)).Where((_, i) => results[i].Action == RestoreAction.Failed));
                done.AddRange(results);
            }

            if (step.Phase == RestorePhase.Definitions && !options.DryRun)
            {
                done.AddRange(await run.WaitForDefinitionsAsync(step.Objects, cancellationToken));
            }
        }

        await RetryAsync(run, failed, done, cancellationToken);
        return new ConfigRestoreReport(options.DryRun, done, rewritten.Review);
    }

    private async Task<RestoredObject[]> ApplyAsync(RestoreRun run, List<ConfigObject> wanted, CancellationToken cancellationToken)
    {
        var results = new RestoredObject[wanted.Count];
        await Parallel.ForAsync(0, wanted.Count, new ParallelOptions { MaxDegreeOfParallelism = AtOnce, CancellationToken = cancellationToken }, async (i, stop) =>
        {
            results[i] = await run.ApplyAsync(wanted[i], stop);
            tell?.Invoke(results[i]);
        });
        return results;
    }

    /// <summary>Some refusals are of the order only: an object that a later one allows, a webhook or a quota that was not ready.</summary>
    private async Task RetryAsync(RestoreRun run, List<(ConfigObject Object, int Index)> failed, List<RestoredObject> done, CancellationToken cancellationToken)
    {
        if (failed.Count == 0 || options.DryRun)
        {
            return;
        }

        var results = await ApplyAsync(run, [.. failed.Select(f => f.Object)], cancellationToken);
        for (var i = 0; i < failed.Count; i++)
        {
            done[failed[i].Index] = results[i];
        }
    }
}
