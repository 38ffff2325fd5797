using Npgsql;

namespace KubectlMlopsBackup.Sources.Postgres;

/// <summary>
/// Puts the restored database in the live one's place: two renames in one transaction.
/// </summary>
/// <remarks>
/// The first rename takes the lock on the live database's name before it looks who is connected, and a new connection has
/// to wait for that lock. So whoever is connected is ended from a second connection while the rename waits: nobody new
/// gets in, and there is no state (such as ALLOW_CONNECTIONS off) that a crash could leave behind.
/// </remarks>
internal sealed class DatabaseSwap(PostgresSettings settings, string live)
{
    private const int Attempts = 2;
    private static readonly TimeSpan EndEvery = TimeSpan.FromMilliseconds(100);

    /// <param name="scratch">Gets the live one's name.</param>
    /// <param name="before">What the live one is called from then on; null where there is none.</param>
    /// <param name="time">For waits.</param>
    /// <param name="cancellationToken">Stops it; once the transaction is committed it is too late.</param>
    public async Task RunAsync(string scratch, string? before, TimeProvider time, CancellationToken cancellationToken)
    {
        await using var renaming = await MaintenanceConnection.OpenAsync(settings, live, cancellationToken);
        await using var ending = await MaintenanceConnection.OpenAsync(settings, live, cancellationToken);
        var names = new[] { before is null ? null : live, scratch }.OfType<string>().ToArray();
        // By OID: after the renames, the name means the new database, and whoever is in that may stay.
        var databases = new List<uint>();
        foreach (var name in names)
        {
            databases.Add(await ending.ScalarAsync<uint>("SELECT oid FROM pg_database WHERE datname = $1", cancellationToken, name));
        }

        for (var attempt = 1; ; attempt++)
        {
            using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
            var ended = EndConnectionsAsync(ending, databases, time, stop.Token, cancellationToken);
            try
            {
                await RenameAsync(renaming, scratch, before, cancellationToken);
                return;
            }
            catch (PostgresException e) when (e.SqlState == PostgresErrorCodes.ObjectInUse)
            {
                if (attempt == Attempts)
                {
                    throw await InUseAsync(renaming, names, e, cancellationToken);
                }
            }
            finally
            {
                await stop.CancelAsync();
                await ended.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            }
        }
    }

    private async Task RenameAsync(NpgsqlConnection connection, string scratch, string? before, CancellationToken cancellationToken)
    {
        await connection.RunAsync("BEGIN", cancellationToken);
        try
        {
            if (before is not null)
            {
                await connection.RunAsync($"ALTER DATABASE {Sql.Identifier(live)} RENAME TO {Sql.Identifier(before)}", cancellationToken);
            }

            await connection.RunAsync($"ALTER DATABASE {Sql.Identifier(scratch)} RENAME TO {Sql.Identifier(live)}", cancellationToken);
            await connection.RunAsync("COMMIT", CancellationToken.None);
        }
        catch
        {
            if (connection.State == System.Data.ConnectionState.Open)
            {
                await connection.RunAsync("ROLLBACK", CancellationToken.None);
            }

            throw;
        }
    }

    private static async Task EndConnectionsAsync(
        NpgsqlConnection connection, List<uint> databases, TimeProvider time, CancellationToken stop, CancellationToken cancellationToken)
    {
        while (!stop.IsCancellationRequested)
        {
            foreach (var database in databases)
            {
                var sessions = await connection.ListAsync(
                    $"SELECT pid FROM pg_stat_activity WHERE datid = {database}", r => r.GetInt32(0), cancellationToken);
                foreach (var session in sessions)
                {
                    try
                    {
                        await connection.RunAsync($"SELECT pg_terminate_backend({session})", cancellationToken);
                    }
                    catch (PostgresException e) when (e.SqlState == PostgresErrorCodes.InsufficientPrivilege)
                    {
                        // Somebody else's; if it stays, the rename says so.
                    }
                }
            }

            await Task.Delay(EndEvery, time, stop);
        }
    }

    private async Task<UserError> InUseAsync(
        NpgsqlConnection connection, string[] names, PostgresException e, CancellationToken cancellationToken)
    {
        var who = new List<string>();
        foreach (var name in names)
        {
            who.AddRange(await connection.ListAsync(
                "SELECT DISTINCT coalesce(usename, '?')::text || ' (' || coalesce(nullif(application_name, ''), 'pid ' || pid) || ')' "
                + "FROM pg_stat_activity WHERE datname = $1",
                r => r.GetString(0),
                cancellationToken,
                name));
        }

        return new UserError(
            $"the database {live} is in use and was not replaced: {(who.Count > 0 ? string.Join(", ", who) : e.Detail ?? e.MessageText)}",
            $"stop what uses it (scale MLflow to zero), or GRANT pg_signal_backend TO {Sql.Identifier(settings.User)}",
            inner: e);
    }
}
