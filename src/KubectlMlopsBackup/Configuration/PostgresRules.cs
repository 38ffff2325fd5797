using System.Text;

namespace KubectlMlopsBackup.Configuration;

internal static class PostgresRules
{
    private const string Section = "spec.postgres";

    /// <summary>PostgreSQL cuts longer names off without an error (NAMEDATALEN - 1).</summary>
    private const int LongestName = 63;

    public static void Check(PlanSpec spec, TimeSpan? rpo, PlanProblems problems)
    {
        if (spec.Postgres is not { } postgres)
        {
            return;
        }

        CheckHost(postgres.Host, problems);
        if (postgres.Port is < 1 or > 65_535)
        {
            problems.Add($"{Section}.port", $"{postgres.Port}", "a port from 1 to 65535");
        }

        CheckName("database", postgres.Database, problems);
        CheckName("user", postgres.User, problems);
        PlanText.CheckNotBoth(Section, "passwordFile", postgres.PasswordFile is not null, "passwordEnv", postgres.PasswordEnv is not null, problems);
        PlanText.CheckNotBoth(Section, "passwordFile or passwordEnv", (postgres.PasswordFile ?? postgres.PasswordEnv) is not null, "passwordSecret", postgres.PasswordSecret is not null, problems);
        KubernetesText.CheckSecretKey($"{Section}.passwordSecret", postgres.PasswordSecret, problems);
        PlanText.CheckNotBoth(Section, "sslRootCert", postgres.SslRootCert is not null, "sslRootCertSecret", postgres.SslRootCertSecret is not null, problems);
        KubernetesText.CheckSecretKey($"{Section}.sslRootCertSecret", postgres.SslRootCertSecret, problems);
        PlanText.CheckFilePath($"{Section}.passwordFile", postgres.PasswordFile, problems);
        PlanText.CheckEnvironmentName($"{Section}.passwordEnv", postgres.PasswordEnv, problems);
        PlanText.CheckOneOf($"{Section}.sslMode", postgres.SslMode, problems, "disable", "allow", "prefer", "require", "verify-ca", "verify-full");
        PlanText.CheckFilePath($"{Section}.sslRootCert", postgres.SslRootCert, problems);
        PlanText.CheckFilePath($"{Section}.clientTools", postgres.ClientTools, problems);
        ScheduleRules.Check($"{Section}.schedule", postgres.Schedule, spec.TimeZone, rpo, problems);
    }

    private static void CheckHost(string host, PlanProblems problems)
    {
        const string Wanted = "a host name, an IP address, or the absolute path of a socket folder";
        if (host.StartsWith('/'))
        {
            PlanText.CheckFilePath($"{Section}.host", host, problems);
        }
        else if (LooksLikeConnectionString(host))
        {
            problems.Add($"{Section}.host", $"got a connection string (not shown: it may hold a password); wants {Wanted}");
        }
        else if (Uri.CheckHostName(host) == UriHostNameType.Unknown)
        {
            problems.Add($"{Section}.host", host, Wanted);
        }
    }

    private static void CheckName(string field, string name, PlanProblems problems)
    {
        var path = $"{Section}.{field}";
        if (name.Length == 0)
        {
            problems.AddMissing(path, $"the {field}'s name");
        }
        else if (LooksLikeConnectionString(name))
        {
            // The client tools expand such a "name" into host, user and password.
            problems.Add(path, $"got a connection string (not shown: it may hold a password); wants the {field}'s name alone");
        }
        else if (name.Any(char.IsControl) || Encoding.UTF8.GetByteCount(name) > LongestName)
        {
            problems.Add(path, name, $"a name of at most {LongestName} bytes without control characters");
        }
    }

    private static bool LooksLikeConnectionString(string text) =>
        text.Contains('=', StringComparison.Ordinal) || text.Contains("://", StringComparison.Ordinal);
}
