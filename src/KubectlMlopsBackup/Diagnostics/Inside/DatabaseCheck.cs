using KubectlMlopsBackup.Local;
using KubectlMlopsBackup.Output;
using KubectlMlopsBackup.Sources.Postgres;
using Npgsql;

namespace KubectlMlopsBackup.Diagnostics.Inside;

/// <summary>Whether the database lets the plan's user in and read all of it, by tools that are new enough, with nobody in the way.</summary>
internal sealed class DatabaseCheck(LocalPlan plan) : Check
{
    /// <summary>For a lock: who diagnoses a lock must not wait for it.</summary>
    public static readonly TimeSpan Patience = TimeSpan.FromSeconds(3);

    /// <summary>Old rows cannot be cleaned up behind it, and its locks are waited for.</summary>
    private const int LongHours = 1;

    /// <summary>What pg_dump will lock and read: everything but the system's own and temporary tables.</summary>
    private const string UnreadableSql = """
        SELECT n.nspname::text || '.' || c.relname::text
        FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
        WHERE c.relkind IN ('r', 'p', 'm', 'S') AND c.relpersistence <> 't' AND n.nspname !~ '^pg_' AND n.nspname <> 'information_schema'
          AND (NOT has_schema_privilege(n.oid, 'USAGE')
            OR NOT CASE WHEN c.relkind = 'S' THEN has_sequence_privilege(c.oid, 'SELECT') ELSE has_table_privilege(c.oid, 'SELECT') END
            OR (c.relkind IN ('r', 'p') AND row_security_active(c.oid)))
        ORDER BY 1
        """;

    /// <summary>Transactions of others are shown in full to members of pg_read_all_stats only; prepared ones and locks to all.</summary>
    private const string TransactionsSql = """
        SELECT 'session ' || pid || ' of ' || coalesce(usename, '?') || ' (' || coalesce(nullif(application_name, ''), 'no name') || ', ' || coalesce(state, '?') || ')',
               extract(epoch FROM now() - xact_start)::float8, pid::text
        FROM pg_stat_activity
        WHERE xact_start IS NOT NULL AND pid <> pg_backend_pid() AND backend_type = 'client backend' AND datname = current_database()
        UNION ALL
        SELECT 'prepared transaction ' || gid || ' of ' || owner, extract(epoch FROM now() - prepared)::float8, NULL
        FROM pg_prepared_xacts WHERE database = current_database()
        ORDER BY 2 DESC
        """;

    private const string LocksSql = """
        SELECT l.relation::regclass::text || ' by session ' || l.pid
        FROM pg_locks l
        WHERE l.locktype = 'relation' AND l.mode = 'AccessExclusiveLock' AND l.granted AND l.pid <> pg_backend_pid()
          AND l.database = (SELECT oid FROM pg_database WHERE datname = current_database()) AND l.relation >= 16384
        ORDER BY 1
        """;

    public override string Id => "database";

    public override async Task RunAsync(Findings found, CancellationToken cancellationToken)
    {
        PostgresSettings settings;
        NpgsqlConnection connection;
        try
        {
            settings = plan.Postgres() with { LockTimeout = Patience };
            connection = await PostgresConnections.OpenAsync(settings, settings.Database, cancellationToken);
        }
        catch (UserError e)
        {
            var refused = e.InnerException is PostgresException || e.Code == ExitCode.Usage;
            found.Problem(refused ? Faults.DatabaseRefuses : Faults.DatabaseUnreachable, e.Message, e.Fix ?? "see the database's log");
            return;
        }

        await using (connection)
        {
            try
            {
                await LookAsync(found, settings, connection, cancellationToken);
            }
            catch (NpgsqlException e)
            {
                found.Problem(Faults.DatabaseUnreachable, PostgresErrors.Explain(e, settings).Message, "see the database's log, and run it again");
            }
        }
    }

    /// <summary>The password's own end, where the role has one. It ends logins only: who is in stays.</summary>
    private async Task PasswordAsync(Findings found, NpgsqlConnection connection, CancellationToken cancellationToken)
    {
        var ends = await connection.ListAsync(
            "SELECT extract(epoch FROM rolvaliduntil)::float8, rolname::text FROM pg_roles WHERE rolname = current_user AND isfinite(rolvaliduntil)",
            r => (Time: DateTimeOffset.UnixEpoch.AddSeconds(r.GetDouble(0)), Role: r.GetString(1)), cancellationToken);
        foreach (var (time, role) in ends)
        {
            CredentialsCheck.Tell(
                found, plan.Clock.GetUtcNow(), $"the password of the database's user {role}", time, $"set a new one, and put it into its Secret: ALTER ROLE {role} PASSWORD '…' VALID UNTIL '…'");
        }
    }

    private async Task LookAsync(Findings found, PostgresSettings settings, NpgsqlConnection connection, CancellationToken cancellationToken)
    {
        var major = connection.PostgreSqlVersion.Major;
        var version = await connection.ScalarAsync<string>("SELECT current_setting('server_version')", cancellationToken);
        var tools = await ToolsAsync(found, settings, major, version, cancellationToken);
        var size = await connection.ScalarAsync<long>("SELECT pg_database_size(current_database())", cancellationToken);
        var extensions = await connection.ListAsync(
            "SELECT extname::text || ' ' || extversion FROM pg_extension WHERE extname <> 'plpgsql' ORDER BY 1", r => r.GetString(0), cancellationToken);
        await PasswordAsync(found, connection, cancellationToken);
        await RightsAsync(found, settings, connection, cancellationToken);
        await OthersAsync(found, connection, cancellationToken);
        found.OkUnlessFault(
            $"{settings}: PostgreSQL {version}, {Humanize.Bytes(size)}, {tools}; extensions that a restore needs there: {(extensions.Count == 0 ? "none" : string.Join(", ", extensions))}");
    }

    private static async Task<string> ToolsAsync(Findings found, PostgresSettings settings, int major, string? version, CancellationToken cancellationToken)
    {
        try
        {
            var tools = await ClientToolsFinder.FindAsync(major, settings.ClientToolsDirectory, cancellationToken);
            return $"client tools {tools.Version}";
        }
        catch (UserError e)
        {
            found.Problem(Faults.DatabaseTools, $"the server is {version}: {e.Message}", e.Fix ?? $"install the client tools of PostgreSQL {major}");
            return "";
        }
    }

    private static async Task RightsAsync(Findings found, PostgresSettings settings, NpgsqlConnection connection, CancellationToken cancellationToken)
    {
        var unreadable = await connection.ListAsync(UnreadableSql, r => r.GetString(0), cancellationToken);
        if (unreadable.Count > 0)
        {
            found.Problem(
                Faults.DatabaseRights, $"user {settings.User} may not read {unreadable.Count} table(s) or sequence(s) of {settings.Database}, such as {string.Join(", ", unreadable.Take(3))}",
                $"as a superuser: GRANT pg_read_all_data TO {Sql.Identifier(settings.User)}; tables with row-level security also need: ALTER ROLE {Sql.Identifier(settings.User)} BYPASSRLS");
        }
    }

    private static async Task OthersAsync(Findings found, NpgsqlConnection connection, CancellationToken cancellationToken)
    {
        var open = await connection.ListAsync(TransactionsSql, r => (Who: r.GetString(0), Seconds: r.GetDouble(1), Pid: r.Text(2)), cancellationToken);
        var old = open.Where(t => t.Seconds > LongHours * 3600).ToList();
        if (old.Count > 0)
        {
            var (who, seconds, pid) = old[0];
            found.Warning(
                Faults.DatabaseTransaction, $"{who} is open for {Humanize.Duration(TimeSpan.FromSeconds(seconds))}{(old.Count > 1 ? $", and {old.Count - 1} more for over an hour" : "")}",
                pid is null ? "commit it or roll it back: ROLLBACK PREPARED" : $"end it, if nobody misses it: SELECT pg_terminate_backend({pid})");
        }

        var locks = await connection.ListAsync(LocksSql, r => r.GetString(0), cancellationToken);
        if (locks.Count > 0)
        {
            found.Warning(
                Faults.DatabaseTransaction, $"an exclusive lock is held on {string.Join(", ", locks.Take(3))}: a backup that begins now waits for it",
                "see who: SELECT pid, query FROM pg_stat_activity WHERE state <> 'idle'; end it, if nobody misses it: SELECT pg_terminate_backend(PID)");
        }
    }
}
