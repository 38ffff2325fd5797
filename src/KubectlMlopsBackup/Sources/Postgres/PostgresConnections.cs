using System.Globalization;
using Npgsql;

namespace KubectlMlopsBackup.Sources.Postgres;

/// <summary>Connections of our own, and what the client tools need in their environment to make theirs.</summary>
internal static class PostgresConnections
{
    private const string ApplicationName = "kubectl-mlopsbackup";
    private const int ConnectSeconds = 15;
    private const int TransactionTimeoutSince = 17;

    /// <exception cref="UserError">The server cannot be reached, or refuses.</exception>
    public static async Task<NpgsqlConnection> OpenAsync(
        PostgresSettings settings, string database, CancellationToken cancellationToken)
    {
        var builder = new NpgsqlSlimDataSourceBuilder();
        var options = builder.ConnectionStringBuilder;
        options.Host = settings.Host;
        options.Port = settings.Port;
        options.Database = database;
        options.Username = settings.User;
        options.Password = settings.Password;
        options.SslMode = ParseSslMode(settings.SslMode);
        options.RootCertificate = settings.SslRootCert;
        options.ApplicationName = ApplicationName;
        options.Timeout = ConnectSeconds;
        options.CommandTimeout = 0;
        options.CancellationTimeout = 2000;
        options.Pooling = false;
        options.Multiplexing = false;
        builder.EnableTransportSecurity();

        var source = builder.Build();
        try
        {
            var connection = await source.OpenConnectionAsync(cancellationToken);
            try
            {
                // A limit that an administrator set for applications must not end a backup.
                await connection.RunAsync(
                    "SET statement_timeout = 0; SET idle_in_transaction_session_timeout = 0; SET row_security = off; "
                    + "SET client_min_messages = warning; SET search_path = pg_catalog; SET datestyle = ISO; "
                    + $"SET lock_timeout = {(long)settings.LockTimeout.TotalMilliseconds}",
                    cancellationToken);
                if (connection.PostgreSqlVersion.Major >= TransactionTimeoutSince)
                {
                    await connection.RunAsync("SET transaction_timeout = 0", cancellationToken);
                }

                return connection;
            }
            catch
            {
                await connection.DisposeAsync();
                throw;
            }
        }
        catch (Exception e) when (e is NpgsqlException or TimeoutException or System.Net.Sockets.SocketException)
        {
            throw PostgresErrors.Explain(e, settings with { Database = database });
        }
    }

    /// <summary>
    /// Environment for a client tool. The password is only here: the environment of a process is readable
    /// by its own user alone, its arguments by everyone.
    /// </summary>
    public static Dictionary<string, string> Environment(PostgresSettings settings, string database, string? options = null)
    {
        var environment = new Dictionary<string, string>(StringComparer.Ordinal)
        {
            ["PGHOST"] = settings.Host,
            ["PGPORT"] = settings.Port.ToString(CultureInfo.InvariantCulture),
            ["PGUSER"] = settings.User,
            ["PGDATABASE"] = database,
            ["PGAPPNAME"] = ApplicationName,
            ["PGCONNECT_TIMEOUT"] = ConnectSeconds.ToString(CultureInfo.InvariantCulture),
            ["LC_ALL"] = "C",
        };
        AddIfSet(environment, "PGPASSWORD", settings.Password);
        AddIfSet(environment, "PGSSLMODE", settings.SslMode);
        AddIfSet(environment, "PGSSLROOTCERT", settings.SslRootCert);
        AddIfSet(environment, "PGOPTIONS", options);
        return environment;
    }

    /// <summary>For arguments: a bare name with an equals sign in it would be taken for a connection string.</summary>
    public static string Info(string database) =>
        $"dbname='{database.Replace("\\", "\\\\", StringComparison.Ordinal).Replace("'", "\\'", StringComparison.Ordinal)}'";

    private static void AddIfSet(Dictionary<string, string> environment, string name, string? value)
    {
        if (!string.IsNullOrEmpty(value))
        {
            environment[name] = value;
        }
    }

    private static SslMode ParseSslMode(string? word) => word switch
    {
        null or "" or "prefer" => SslMode.Prefer,
        "disable" => SslMode.Disable,
        "allow" => SslMode.Allow,
        "require" => SslMode.Require,
        "verify-ca" => SslMode.VerifyCA,
        "verify-full" => SslMode.VerifyFull,
        _ => throw new UserError(
            $"sslMode is '{word}', which PostgreSQL does not know",
            "use disable, allow, prefer, require, verify-ca or verify-full",
            ExitCode.Usage),
    };
}
