using Npgsql;

namespace KubectlMlopsBackup.Sources.Postgres;

/// <summary>
/// The connection that holds the exported snapshot. While it lies idle it is asked something now and then: firewalls
/// forget idle connections, and one that broke unnoticed would leave nothing to attach to.
/// </summary>
internal sealed class SnapshotConnection : IAsyncDisposable
{
    private static readonly TimeSpan AskEvery = TimeSpan.FromSeconds(20);

    private SnapshotConnection(NpgsqlConnection connection, string id)
    {
        Connection = connection;
        Id = id;
    }

    public NpgsqlConnection Connection { get; }

    /// <summary>What <c>pg_export_snapshot</c> named it.</summary>
    public string Id { get; }

    public static async Task<SnapshotConnection> OpenAsync(PostgresSettings settings, CancellationToken cancellationToken)
    {
        var connection = await PostgresConnections.OpenAsync(settings, settings.Database, cancellationToken);
        try
        {
            await connection.RunAsync("BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY", cancellationToken);
            var id = await connection.ScalarAsync<string>("SELECT pg_export_snapshot()", cancellationToken);
            return new SnapshotConnection(connection, id!);
        }
        catch
        {
            await connection.DisposeAsync();
            throw;
        }
    }

    /// <summary>Another connection that sees the same instant.</summary>
    public async Task<NpgsqlConnection> AttachAsync(PostgresSettings settings, CancellationToken cancellationToken)
    {
        var connection = await PostgresConnections.OpenAsync(settings, settings.Database, cancellationToken);
        try
        {
            await connection.RunAsync(
                "BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY; "
                + $"SET TRANSACTION SNAPSHOT {Sql.Literal(Id)}; SET LOCAL max_parallel_workers_per_gather = 0",
                cancellationToken);
            return connection;
        }
        catch
        {
            await connection.DisposeAsync();
            throw;
        }
    }

    /// <summary>Runs until cancelled, which is its only good end.</summary>
    /// <exception cref="NpgsqlException">The connection is gone.</exception>
    public async Task KeepAliveAsync(TimeProvider time, CancellationToken cancellationToken)
    {
        using var timer = new PeriodicTimer(AskEvery, time);
        try
        {
            while (await timer.WaitForNextTickAsync(cancellationToken))
            {
                await Connection.RunAsync("SELECT 1", cancellationToken);
            }
        }
        catch (OperationCanceledException)
        {
            // The backup is done with it.
        }
    }

    public ValueTask DisposeAsync() => Connection.DisposeAsync();
}
