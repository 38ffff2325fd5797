namespace KubectlMlopsBackup.Configuration;

internal sealed class PostgresSpec
{
    /// <summary>A host name or address, or an absolute folder that holds the server's Unix socket.</summary>
    public string Host { get; set; } = PlanDefaults.PostgresHost;

    public int Port { get; set; } = PlanDefaults.PostgresPort;

    public string Database { get; set; } = "";

    public string User { get; set; } = "";

    /// <summary>Null, as is <see cref="PasswordEnv"/>, where libpq's own ways (PGPASSWORD, ~/.pgpass, trust) are used.</summary>
    public string? PasswordFile { get; set; }

    public string? PasswordEnv { get; set; }

    /// <summary>In the cluster only, as is <see cref="SslRootCertSecret"/>.</summary>
    public SecretKeySpec? PasswordSecret { get; set; }

    /// <summary>One of libpq's six words.</summary>
    public string SslMode { get; set; } = PlanDefaults.SslMode;

    public string? SslRootCert { get; set; }

    public SecretKeySpec? SslRootCertSecret { get; set; }

    /// <summary>The folder of <c>pg_dump</c> and <c>pg_restore</c>; null where they are looked for.</summary>
    public string? ClientTools { get; set; }

    /// <summary>Five cron fields; null where nothing is said: on request with --local, <see cref="PlanDefaults.PostgresSchedule"/> in the cluster.</summary>
    public string? Schedule { get; set; }
}
