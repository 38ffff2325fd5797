using Npgsql;

namespace KubectlMlopsBackup.Seed.Database;

/// <summary>Reads <c>host=… port=… user=… dbname=…</c>, as libpq's tools take it. The password comes from PGPASSWORD only.</summary>
internal static class PostgresAddress
{
    /// <exception cref="SeedError">A word is not key=value, is unknown, or is a password.</exception>
    public static NpgsqlDataSource Open(string address)
    {
        var builder = new NpgsqlConnectionStringBuilder
        {
            ApplicationName = "mlflow-seed",
            CommandTimeout = 0,
            Password = Environment.GetEnvironmentVariable("PGPASSWORD"),
            Username = Environment.GetEnvironmentVariable("PGUSER"),
        };
        foreach (var word in address.Split((char[])[' ', ';'], StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries))
        {
            var split = word.IndexOf('=', StringComparison.Ordinal);
            var (key, value) = split < 0 ? (word, "") : (word[..split].ToLowerInvariant(), word[(split + 1)..]);
            switch (key)
            {
                case "host":
                    builder.Host = value;
                    break;
                case "port" when int.TryParse(value, out var port):
                    builder.Port = port;
                    break;
                case "user" or "username":
                    builder.Username = value;
                    break;
                case "dbname" or "database":
                    builder.Database = value;
                    break;
                case "sslmode" when Enum.TryParse<SslMode>(value.Replace("-", "", StringComparison.Ordinal), ignoreCase: true, out var mode):
                    builder.SslMode = mode;
                    break;
                case "password":
                    throw new SeedError("--postgres: give the password by PGPASSWORD; arguments can be read by every user of the machine");
                default:
                    throw new SeedError($"--postgres: cannot read \"{key}\"; want host=… port=… user=… dbname=… sslmode=…");
            }
        }

        return NpgsqlDataSource.Create(builder);
    }
}
