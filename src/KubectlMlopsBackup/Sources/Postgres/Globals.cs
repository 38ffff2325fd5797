using System.Globalization;
using Npgsql;

namespace KubectlMlopsBackup.Sources.Postgres;

/// <summary>Roles and tablespaces, which belong to the server and not to a database, by <c>pg_dumpall --globals-only</c>.</summary>
internal static class Globals
{
    /// <summary>The most that is believed, in bytes.</summary>
    private const int MaxBytes = 64 << 20;

    /// <returns>The SQL, or nothing and why.</returns>
    public static async Task<(byte[] Sql, string? Warning)> ReadAsync(
        NpgsqlConnection connection, PostgresSettings settings, ClientTools tools, CancellationToken cancellationToken)
    {
        var passwords = settings.RolePasswords && await connection.ScalarAsync<bool>(
            "SELECT has_table_privilege('pg_authid', 'SELECT')", cancellationToken);
        string[] arguments =
        [
            "--globals-only", "--no-password",
            string.Create(CultureInfo.InvariantCulture, $"--lock-wait-timeout={(long)settings.LockTimeout.TotalMilliseconds}"),
            $"--database={PostgresConnections.Info(settings.Database)}",
            .. passwords ? Array.Empty<string>() : ["--no-role-passwords"],
        ];
        await using var child = ChildProcess.Start(
            tools.PgDumpAll, arguments, PostgresConnections.Environment(settings, settings.Database));
        await using var registration = cancellationToken.Register(child.Kill);
        using var output = new MemoryStream();
        var buffer = new byte[64 << 10];
        int read;
        while ((read = await child.Output.ReadAsync(buffer, cancellationToken)) > 0 && output.Length < MaxBytes)
        {
            output.Write(buffer, 0, read);
        }

        if (read > 0)
        {
            return ([], $"roles were not backed up: pg_dumpall wrote more than {MaxBytes} bytes");
        }

        var exitCode = await child.WaitAsync(cancellationToken);
        return exitCode == 0
            ? (output.ToArray(), null)
            : ([], "roles were not backed up: " + PostgresErrors.ExplainTool("pg_dumpall", child.ErrorLines, exitCode, settings).Message);
    }
}
