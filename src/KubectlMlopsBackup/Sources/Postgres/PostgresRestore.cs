using KubectlMlopsBackup.Mlflow;
using KubectlMlopsBackup.Repository;
using Npgsql;

namespace KubectlMlopsBackup.Sources.Postgres;

/// <summary>Restores a snapshot beside what is there, checks it, and only then puts it in its place.</summary>
internal sealed class PostgresRestore(
    PostgresSettings settings,
    ISnapshotFiles files,
    PostgresRestoreOptions options,
    IProgress<PostgresProgress>? progress,
    TimeProvider time)
{
    /// <summary>As the server will call it: it cuts longer names itself when it is connected to, but not when it is asked for them.</summary>
    private readonly string target = Sql.Cut(options.TargetDatabase ?? settings.Database, Sql.MaxNameBytes);
    private readonly PhaseClock clock = new(time, progress);

    /// <exception cref="UserError">Something the user can mend; the live database is as it was.</exception>
    public static async Task<PostgresRestoreReport> RunAsync(
        PostgresSettings settings,
        ISnapshotFiles files,
        PostgresRestoreOptions options,
        IProgress<PostgresProgress>? progress,
        TimeProvider time,
        CancellationToken cancellationToken)
    {
        try
        {
            return options.InPlace
                ? await InPlaceRestore.RunAsync(settings, files, options, progress, time, cancellationToken)
                : await new PostgresRestore(settings, files, options, progress, time).BesideAsync(cancellationToken);
        }
        catch (Exception e) when (e is NpgsqlException or TimeoutException)
        {
            throw PostgresErrors.Explain(e, settings);
        }
    }

    /// <summary>Drops what earlier restores kept (<c>db_before_time</c>) or a crash left behind (<c>db_restore_time</c>).</summary>
    /// <param name="settings">The live database they belong to.</param>
    /// <param name="only">One of them; null means all.</param>
    /// <param name="cancellationToken">Stops it.</param>
    /// <returns>The names of those dropped.</returns>
    public static async Task<IReadOnlyList<string>> DropPreviousAsync(
        PostgresSettings settings, string? only, CancellationToken cancellationToken)
    {
        try
        {
            await using var maintenance = await MaintenanceConnection.OpenAsync(settings, settings.Database, cancellationToken);
            var all = await maintenance.ListAsync("SELECT datname::text FROM pg_database ORDER BY 1", r => r.GetString(0), cancellationToken);
            // A scratch database with somebody in it belongs to a restore that runs right now.
            var busy = (await maintenance.ListAsync(
                "SELECT DISTINCT datname::text FROM pg_stat_activity WHERE datname IS NOT NULL", r => r.GetString(0), cancellationToken)).ToHashSet();
            var chosen = all.Where(n => DatabaseNames.IsBefore(n, settings.Database)
                    || (DatabaseNames.IsScratch(n, settings.Database) && !busy.Contains(n)))
                .Where(n => only is null || n == only)
                .ToList();
            foreach (var name in chosen)
            {
                await ScratchDatabase.DropAsync(maintenance, name, cancellationToken);
            }

            return chosen;
        }
        catch (NpgsqlException e)
        {
            throw PostgresErrors.Explain(e, settings);
        }
    }

    private async Task<PostgresRestoreReport> BesideAsync(CancellationToken cancellationToken)
    {
        var facts = await PostgresFacts.ReadAsync(files, cancellationToken);
        var rewrite = await ArtifactRewrite.PrepareAsync(options.ArtifactMap, files, PostgresFiles.ArtifactUris, cancellationToken);
        await using var maintenance = await MaintenanceConnection.OpenAsync(settings, target, cancellationToken);
        var preflight = new RestorePreflight(maintenance, facts, options, settings.User);
        await preflight.CheckServerAsync(cancellationToken);
        var now = await preflight.FreeSecondAsync(target, time.GetUtcNow(), cancellationToken);
        var before = DatabaseNames.Before(target, now);
        var live = await preflight.CheckNamesAsync(target, DatabaseNames.Scratch(target, now), before, cancellationToken);
        var tools = await ClientToolsFinder.FindAsync(
            preflight.ServerVersionNumber / 10000, settings.ClientToolsDirectory, cancellationToken);
        using var prefix = await DumpPrefixFile.CreateAsync(tools, files, cancellationToken);

        await using var scratch = await ScratchDatabase.CreateAsync(
            settings, maintenance, facts.Database, target, DatabaseNames.Scratch(target, now), options.NoOwner, cancellationToken);
        var run = new PgRestoreRun(tools, settings, scratch.Name, options, preflight.MissingTablespaces.Count > 0);
        await FillAsync(run, prefix, cancellationToken);
        var rewritten = rewrite is null ? null : await clock.RunAsync("map-artifacts", () => RewriteAsync(rewrite, scratch.Name, cancellationToken));
        var (tables, warnings) = await clock.RunAsync("check", () => CheckAsync(scratch.Name, facts, cancellationToken));

        // The first connection has lain idle for as long as all that took, which firewalls and servers may not suffer.
        await using var finishing = await MaintenanceConnection.OpenAsync(settings, target, cancellationToken);
        warnings.AddRange(
            await DatabaseProperties.ApplyAsync(finishing, scratch.Name, facts.Database, options.NoOwner, cancellationToken));
        warnings.AddRange(rewrite?.Warnings ?? []);
        if (preflight.MissingTablespaces.Count > 0)
        {
            warnings.Add($"everything is in the default tablespace: the server lacks {string.Join(", ", preflight.MissingTablespaces)}");
        }

        await clock.RunAsync("swap", () => new DatabaseSwap(settings, target)
            .RunAsync(scratch.Name, live ? before : null, time, cancellationToken));
        scratch.Keep();
        return new PostgresRestoreReport
        {
            Database = target,
            KeptDatabase = live && !await DropIfAskedAsync(finishing, before, warnings, cancellationToken) ? before : null,
            InPlace = false,
            Tables = tables,
            RewrittenColumns = rewritten,
            Phases = clock.Phases,
            BenignMessages = run.Benign,
            Warnings = warnings,
        };
    }

    /// <summary>Tables first, then rows, then indexes and constraints: faster than keeping indexes up to date, and the rows
    /// can come from a stream.</summary>
    private async Task FillAsync(PgRestoreRun run, DumpPrefixFile prefix, CancellationToken cancellationToken)
    {
        await clock.RunAsync("pre-data", () => run.RunAsync("pre-data", prefix.Path, null, null, cancellationToken));
        await clock.RunAsync("data", async () =>
        {
            var size = files.SizeOf(PostgresFiles.Dump);
            await using var dump = await files.OpenAsync(PostgresFiles.Dump, cancellationToken);
            await run.RunAsync(
                "data", null, dump, bytes => progress?.Report(new PostgresProgress("data", bytes, size)), cancellationToken);
        });
        await clock.RunAsync("post-data", () => run.RunAsync("post-data", prefix.Path, null, null, cancellationToken));
    }

    private async Task<IReadOnlyList<RewrittenColumn>> RewriteAsync(ArtifactRewrite rewrite, string database, CancellationToken cancellationToken)
    {
        await using var connection = await PostgresConnections.OpenAsync(settings, database, cancellationToken);
        return await rewrite.RunAsync(connection, write: true, cancellationToken);
    }

    private async Task<(List<RestoredTable> Tables, List<string> Warnings)> CheckAsync(string database, PostgresFacts facts, CancellationToken cancellationToken)
    {
        await using var counting = await PostgresConnections.OpenAsync(settings, database, cancellationToken);
        await using var analyzing = await PostgresConnections.OpenAsync(settings, database, cancellationToken);
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        var check = RestoreCheck.RunAsync(counting, facts, stop.Token);
        var analysis = RestoreCheck.AnalyzeAsync(analyzing, stop.Token);
        await FirstFailure.OrAllAsync([check, analysis], [], stop);
        return (await check, await analysis is { } warning ? [warning] : []);
    }

    /// <returns>Whether the previous database was dropped.</returns>
    private async Task<bool> DropIfAskedAsync(
        NpgsqlConnection maintenance, string before, List<string> warnings, CancellationToken cancellationToken)
    {
        if (!options.DropPrevious)
        {
            return false;
        }

        try
        {
            await ScratchDatabase.DropAsync(maintenance, before, cancellationToken);
            return true;
        }
        catch (NpgsqlException e)
        {
            warnings.Add($"the restore is done, but {before} could not be dropped: {e.Message}");
            return false;
        }
    }
}
