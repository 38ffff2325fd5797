using System.Security.Cryptography;
using System.Text;
using KubectlMlopsBackup.Sources.Import;

namespace KubectlMlopsBackup.Sources.Postgres;

/// <summary>Loads a dump of any of pg_dump's single-file formats into an empty database, in one transaction.</summary>
internal sealed class DumpLoad(ClientTools tools, PostgresSettings settings)
{
    private const int BufferSize = 1 << 20;

    /// <summary>The first minor versions whose psql runs nothing of its own commands after <c>\restrict</c>.</summary>
    private static readonly Dictionary<int, int> RestrictSince = new() { [13] = 22, [14] = 19, [15] = 14, [16] = 10, [17] = 6 };

    /// <exception cref="UserError">Something in it failed: nothing of it is in the database.</exception>
    /// <exception cref="InvalidDataException">It is damaged.</exception>
    public async Task RunAsync(Stream dump, ImportKind kind, CancellationToken cancellationToken)
    {
        var (name, program, arguments) = kind == ImportKind.Sql
            ? ("psql", tools.Psql, new[] { "--no-psqlrc", "--quiet", "--no-password", "--single-transaction", "--set=ON_ERROR_STOP=1", "--output=/dev/null", "--file=-" })
            : ("pg_restore", tools.PgRestore, ["--exit-on-error", "--single-transaction", "--no-password", "--dbname=" + PostgresConnections.Info(settings.Database)]);
        await using var child = ChildProcess.Start(
            program, arguments, PostgresConnections.Environment(settings, settings.Database, "-c synchronous_commit=off -c client_min_messages=warning"));
        await using (cancellationToken.Register(child.Kill))
        {
            try
            {
                await FeedAsync(child, dump, kind == ImportKind.Sql ? new SqlScriptGuard() : null, cancellationToken);
            }
            catch
            {
                // Before its input ends, so that it cannot take the end for the end of the dump.
                child.Kill();
                throw;
            }

            child.CloseInput();
            var exitCode = await child.WaitAsync(cancellationToken);
            if (exitCode != 0)
            {
                throw Failed(name, child, exitCode);
            }
        }
    }

    private async Task FeedAsync(ChildProcess child, Stream dump, SqlScriptGuard? guard, CancellationToken cancellationToken)
    {
        if (guard is not null && KnowsRestrict())
        {
            await WriteAsync(child, guard, Encoding.ASCII.GetBytes($"\\restrict {Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(16))}\n"), cancellationToken);
        }

        var buffer = new byte[BufferSize];
        int read;
        while ((read = await dump.ReadAsync(buffer, cancellationToken)) > 0)
        {
            guard?.Check(buffer.AsSpan(0, read));
            await WriteAsync(child, guard, buffer.AsMemory(0, read), cancellationToken);
        }

        guard?.End();
    }

    /// <exception cref="UserError">The program is gone; what it said is the reason.</exception>
    private async Task WriteAsync(ChildProcess child, SqlScriptGuard? guard, ReadOnlyMemory<byte> bytes, CancellationToken cancellationToken)
    {
        try
        {
            await child.Input.WriteAsync(bytes, cancellationToken);
        }
        catch (IOException) when (!cancellationToken.IsCancellationRequested)
        {
            throw Failed(guard is null ? "pg_restore" : "psql", child, await child.WaitAsync(cancellationToken));
        }
    }

    private bool KnowsRestrict()
    {
        var parts = tools.Version.Split('.');
        return tools.Major >= 18
            || (RestrictSince.TryGetValue(tools.Major, out var minor) && parts.Length > 1 && int.TryParse(parts[1], out var own) && own >= minor);
    }

    private UserError Failed(string name, ChildProcess child, int exitCode)
    {
        var said = child.ErrorLines;
        return said.Any(l => l.Contains("role \"", StringComparison.Ordinal) && l.Contains("does not exist", StringComparison.Ordinal))
            ? new UserError(
                $"{name} failed: {string.Join("; ", said.Take(3))}",
                "create the roles that own things in the dump (CREATE ROLE …) on the server that it is loaded into, then run this again")
            : PostgresErrors.ExplainTool(name, said, exitCode, settings);
    }
}
