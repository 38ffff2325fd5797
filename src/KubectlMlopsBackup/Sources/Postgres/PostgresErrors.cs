using System.Net.Sockets;
using System.Security.Authentication;
using Npgsql;

namespace KubectlMlopsBackup.Sources.Postgres;

/// <summary>Turns what the server, the network and the client tools say into what the user can do about it.</summary>
internal static class PostgresErrors
{
    public static UserError Explain(Exception error, PostgresSettings settings)
    {
        if (error is UserError already)
        {
            return already;
        }

        if (error is PostgresException said)
        {
            return ExplainState(said.SqlState, said.MessageText, settings, said);
        }

        if (Find<SocketException>(error) is { } socket)
        {
            return new UserError(
                $"PostgreSQL at {settings.Host}:{settings.Port} cannot be reached: {socket.Message}",
                "check the host, the port, and that the server runs and lets this machine in",
                inner: error);
        }

        if (Find<AuthenticationException>(error) is { } tls)
        {
            return new UserError(
                $"no TLS connection to PostgreSQL at {settings.Host}:{settings.Port}: {tls.Message}",
                "check sslMode and sslRootCert",
                inner: error);
        }

        return Find<TimeoutException>(error) is not null
            ? new UserError(
                $"PostgreSQL at {settings.Host}:{settings.Port} does not answer",
                "check the host, the port, and firewalls or network policies between here and there",
                inner: error)
            : new UserError($"the connection to PostgreSQL ({settings}) broke: {error.Message}", WentAwayFix, inner: error);
    }

    /// <summary>The same for the last lines of a client tool, which have no SQLSTATE.</summary>
    /// <param name="tool">Such as <c>pg_dump</c>.</param>
    /// <param name="lines">What it wrote to standard error.</param>
    /// <param name="exitCode">Its exit code; 128 + n where signal n ended it.</param>
    /// <param name="settings">What it connected to.</param>
    public static UserError ExplainTool(
        string tool, IReadOnlyCollection<string> lines, int exitCode, PostgresSettings settings)
    {
        var text = lines.Count == 0
            ? exitCode > 128 ? $"ended by signal {exitCode - 128}" : $"exit code {exitCode}, without a word"
            : string.Join("; ", lines.Where(l => l.Length > 0).Select(l => l.Trim()).Take(6));
        bool Has(string word) => text.Contains(word, StringComparison.OrdinalIgnoreCase);

        if (Has("No space left on device") || Has("could not extend file"))
        {
            return ExplainState(PostgresErrorCodes.DiskFull, text, settings, null);
        }

        if (Has("permission denied") || Has("row-level security"))
        {
            return ExplainState(PostgresErrorCodes.InsufficientPrivilege, text, settings, null);
        }

        if (Has("lock timeout") || Has("LOCK TABLE"))
        {
            return ExplainState(PostgresErrorCodes.LockNotAvailable, text, settings, null);
        }

        if (Has("server closed the connection") || Has("terminating connection") || Has("could not connect")
            || Has("connection to server") || Has("no connection to the server"))
        {
            return new UserError($"{tool} lost PostgreSQL ({settings}): {text}", WentAwayFix);
        }

        return new UserError($"{tool} failed ({settings}): {text}");
    }

    private const string WentAwayFix =
        "the server was stopped or restarted, or the network broke; look at its log and run this again";

    private static UserError ExplainState(string state, string text, PostgresSettings settings, Exception? inner) => state switch
    {
        PostgresErrorCodes.InvalidPassword => new UserError(
            $"PostgreSQL at {settings.Host}:{settings.Port} refuses the password of user {settings.User}",
            "check where the password comes from (file, environment or Secret)",
            inner: inner),
        PostgresErrorCodes.InvalidAuthorizationSpecification => new UserError(
            $"PostgreSQL at {settings.Host}:{settings.Port} refuses user {settings.User}: {text}",
            "check the user name, sslMode, and the server's pg_hba.conf",
            inner: inner),
        PostgresErrorCodes.InvalidCatalogName => new UserError(
            $"PostgreSQL at {settings.Host}:{settings.Port} has no database {settings.Database}",
            "check the database's name",
            inner: inner),
        PostgresErrorCodes.CannotConnectNow or PostgresErrorCodes.AdminShutdown or PostgresErrorCodes.CrashShutdown =>
            new UserError($"PostgreSQL ({settings}) went away: {text}", WentAwayFix, inner: inner),
        PostgresErrorCodes.TooManyConnections => new UserError(
            $"PostgreSQL ({settings}) takes no more connections: {text}",
            "a backup needs three; raise max_connections or the role's CONNECTION LIMIT",
            inner: inner),
        PostgresErrorCodes.DiskFull => new UserError(
            $"the server's disk is full: {text}",
            "a restore needs room for the database a second time, beside the live one: make room, or use --in-place",
            inner: inner),
        PostgresErrorCodes.InsufficientPrivilege => new UserError(
            $"user {settings.User} may not do that in {settings.Database}: {text}",
            $"to read everything: GRANT pg_read_all_data TO {Sql.Identifier(settings.User)}; "
            + "tables with row-level security also need BYPASSRLS",
            inner: inner),
        PostgresErrorCodes.LockNotAvailable => new UserError(
            $"another session holds a lock in {settings.Database}: {text}",
            "look for it in pg_stat_activity and pg_locks, or run this at a quieter time",
            inner: inner),
        _ => new UserError($"PostgreSQL ({settings}) says: {text} (SQLSTATE {state})", inner: inner),
    };

    private static T? Find<T>(Exception? error)
        where T : Exception
    {
        for (; error is not null; error = error.InnerException)
        {
            if (error is T found)
            {
                return found;
            }
        }

        return null;
    }
}
