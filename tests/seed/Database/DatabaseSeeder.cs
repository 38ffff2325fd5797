using KubectlMlopsBackup.Seed.Model;
using Npgsql;

namespace KubectlMlopsBackup.Seed.Database;

/// <summary>Fills an empty database with a platform, or adds a day to one.</summary>
internal sealed class DatabaseSeeder(NpgsqlDataSource source)
{
    /// <summary>What <c>runs.artifact_uri</c> takes; the narrowest of MLflow's columns for a URI.</summary>
    private const int LongestRunUri = 200;

    /// <returns>Rows loaded.</returns>
    /// <exception cref="SeedError">The database has tables already, or a URI is too long for MLflow's columns.</exception>
    public async Task<long> CreateAsync(Catalog catalog, CancellationToken cancellation)
    {
        CheckUri(catalog);
        var schema = SchemaScript.Load(catalog.Options.Generation);
        await using var connection = await source.OpenConnectionAsync(cancellation);
        await using var second = await source.OpenConnectionAsync(cancellation);
        if (await ScalarAsync(connection, "SELECT count(*) FROM pg_tables WHERE schemaname = 'public'", cancellation) > 0)
        {
            throw new SeedError("--postgres: the database has tables already; give an empty one");
        }

        foreach (var each in (NpgsqlConnection[])[connection, second])
        {
            await ExecuteAsync(each, "SET synchronous_commit = off; SET maintenance_work_mem = '512MB'", cancellation);
        }

        await ExecuteAsync(connection, schema.Tables, cancellation);
        var metrics = Task.Run(() => MetricsCopy.Load(second, catalog, catalog.Today.Runs, cancellation), cancellation);
        var rows = await LoadAsync(connection, catalog, cancellation) + await metrics;
        await ExecuteAsync(connection, schema.Constraints, cancellation);
        await ExecuteAsync(
            connection,
            "SELECT setval('experiments_experiment_id_seq', greatest(1, max(experiment_id)), max(experiment_id) > 0) FROM experiments; ANALYZE",
            cancellation);
        return rows;
    }

    /// <summary>One transaction: the database holds a day whole or not at all.</summary>
    /// <returns>Rows loaded.</returns>
    /// <exception cref="SeedError">The database does not hold exactly the days before.</exception>
    public async Task<long> GrowAsync(Catalog catalog, CancellationToken cancellation)
    {
        CheckUri(catalog);
        await using var connection = await source.OpenConnectionAsync(cancellation);
        await using var transaction = await connection.BeginTransactionAsync(cancellation);
        var found = await ScalarAsync(connection, "SELECT count(*) FROM runs", cancellation);
        if (found != catalog.Today.Runs.Start)
        {
            throw new SeedError(Catalog.Invariant(
                $"the database has {found} runs where day {catalog.Today.Number} begins with {catalog.Today.Runs.Start}; give the options of create, and the days in order (--day)"));
        }

        var rows = await LoadAsync(connection, catalog, cancellation);
        rows += MetricsCopy.Load(connection, catalog, catalog.Today.Runs, cancellation);
        await DailyTouch.ApplyAsync(connection, catalog, cancellation);
        await transaction.CommitAsync(cancellation);
        return rows;
    }

    private static async Task<long> LoadAsync(NpgsqlConnection connection, Catalog catalog, CancellationToken cancellation)
    {
        var rows = 0L;
        IEnumerable<IEnumerable<TableRows>> parts =
            [RunRows.Of(catalog), LoggedModelRows.Of(catalog), RegistryRows.Of(catalog), TraceRows.Of(catalog), ServerRows.Of(catalog)];
        foreach (var table in parts.SelectMany(p => p))
        {
            rows += await TableCopy.LoadAsync(connection, table.Table, table.Columns, table.Rows, cancellation);
        }

        return rows;
    }

    private static void CheckUri(Catalog catalog)
    {
        var length = catalog.Uri(catalog.RunDirectory(catalog.Today.Runs.End - 1)).Length;
        if (length > LongestRunUri)
        {
            throw new SeedError(Catalog.Invariant(
                $"--artifact-root: a run's URI would have {length} characters, and MLflow's column takes {LongestRunUri}; give a shorter one"));
        }
    }

    private static async Task<long> ScalarAsync(NpgsqlConnection connection, string sql, CancellationToken cancellation)
    {
        await using var command = new NpgsqlCommand(sql, connection);
        return (long)(await command.ExecuteScalarAsync(cancellation))!;
    }

    private static async Task ExecuteAsync(NpgsqlConnection connection, string sql, CancellationToken cancellation)
    {
        await using var command = new NpgsqlCommand(sql, connection);
        await command.ExecuteNonQueryAsync(cancellation);
    }
}
