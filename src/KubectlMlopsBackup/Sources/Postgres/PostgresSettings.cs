using System.Globalization;

namespace KubectlMlopsBackup.Sources.Postgres;

/// <summary>How one database is reached.</summary>
internal sealed record PostgresSettings
{
    /// <summary>Host name, address, or the directory of a Unix socket (it then starts with a slash).</summary>
    public required string Host { get; init; }

    public int Port { get; init; } = 5432;

    public required string Database { get; init; }

    public required string User { get; init; }

    /// <summary>Resolved already. Null leaves it to <c>.pgpass</c>, a certificate or trust.</summary>
    public string? Password { get; init; }

    /// <summary>libpq's word (<c>disable</c> … <c>verify-full</c>); null means <c>prefer</c>, as for libpq.</summary>
    public string? SslMode { get; init; }

    /// <summary>File of CA certificates that the server's certificate is checked with.</summary>
    public string? SslRootCert { get; init; }

    /// <summary>Where <c>pg_dump</c> and the rest lie; null searches the usual places.</summary>
    public string? ClientToolsDirectory { get; init; }

    /// <summary>
    /// How long a table that someone holds an exclusive lock on is waited for. Without a limit, a forgotten
    /// <c>ALTER TABLE</c> would hold up the backup, and everything that queues behind the backup's own lock.
    /// </summary>
    public TimeSpan LockTimeout { get; init; } = TimeSpan.FromMinutes(5);

    /// <summary>Whether the password hashes of roles are read into <c>globals.sql</c> where that is permitted.</summary>
    public bool RolePasswords { get; init; } = true;

    /// <summary>For messages: never holds the password.</summary>
    public override string ToString() =>
        string.Create(CultureInfo.InvariantCulture, $"{User}@{Host}:{Port}/{Database}");
}
