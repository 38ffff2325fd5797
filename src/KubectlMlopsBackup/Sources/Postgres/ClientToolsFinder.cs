using System.Globalization;

namespace KubectlMlopsBackup.Sources.Postgres;

/// <summary>Finds client tools that can read a server: its own major version if there is one, else a newer one.</summary>
internal static class ClientToolsFinder
{
    private static readonly string[] Programs = ["pg_dump", "pg_restore", "pg_dumpall", "psql"];

    /// <summary>Directories that hold one major version each: Debian, Red Hat, Alpine, Homebrew.</summary>
    private static readonly string[] Patterns =
    [
        "/usr/lib/postgresql/{0}/bin", "/usr/pgsql-{0}/bin", "/usr/libexec/postgresql{0}",
        "/opt/homebrew/opt/postgresql@{0}/bin", "/usr/local/opt/postgresql@{0}/bin",
    ];

    private const int NewestTried = 30;

    /// <param name="serverMajor">Of the server that is dumped, or the oldest that will do.</param>
    /// <param name="directory">The only place to look in; null looks in the usual ones and in PATH.</param>
    /// <param name="cancellationToken">Stops it.</param>
    /// <exception cref="UserError">None, or only older ones.</exception>
    public static async Task<ClientTools> FindAsync(int serverMajor, string? directory, CancellationToken cancellationToken)
    {
        ClientTools? best = null;
        ClientTools? tooOld = null;
        foreach (var place in directory is null ? Places(serverMajor) : [directory])
        {
            if (await AskAsync(place, cancellationToken) is not { } found)
            {
                continue;
            }

            if (found.Major == serverMajor)
            {
                return found;
            }

            if (found.Major > serverMajor)
            {
                best = best is null || found.Major < best.Major ? found : best;
            }
            else
            {
                tooOld = tooOld is null || found.Major > tooOld.Major ? found : tooOld;
            }
        }

        if (best is not null)
        {
            return best;
        }

        var fix = $"install the client tools of PostgreSQL {serverMajor} or newer (Debian: postgresql-client-{serverMajor}), "
            + "or name their directory in clientToolsDirectory";
        throw tooOld is not null
            ? new UserError(
                $"pg_dump in {tooOld.Directory} is version {tooOld.Version}, older than the server's {serverMajor}: "
                + "it refuses to dump it",
                fix)
            : new UserError(
                directory is null
                    ? "no pg_dump, pg_restore, pg_dumpall and psql were found"
                    : $"{directory} does not hold pg_dump, pg_restore, pg_dumpall and psql that run",
                fix);
    }

    private static IEnumerable<string> Places(int serverMajor)
    {
        IEnumerable<string> Of(int major) => Patterns.Select(p => string.Format(CultureInfo.InvariantCulture, p, major));

        var path = Environment.GetEnvironmentVariable("PATH")?.Split(Path.PathSeparator) ?? [];
        return Of(serverMajor)
            .Concat(path)
            .Concat(Enumerable.Range(1, NewestTried).Where(m => m != serverMajor).SelectMany(Of))
            .Where(d => d.Length > 0)
            .Distinct(StringComparer.Ordinal);
    }

    private static async Task<ClientTools?> AskAsync(string directory, CancellationToken cancellationToken)
    {
        var tools = new ClientTools(directory, "");
        if (!Programs.All(p => File.Exists(tools.Program(p))))
        {
            return null;
        }

        try
        {
            await using var child = ChildProcess.Start(tools.PgDump, ["--version"], new Dictionary<string, string>());
            using var reader = new StreamReader(child.Output);
            var output = await reader.ReadToEndAsync(cancellationToken);
            return await child.WaitAsync(cancellationToken) == 0 && ClientTools.ParseVersion(output) is { } version
                ? tools with { Version = version }
                : null;
        }
        catch (UserError)
        {
            return null;
        }
    }
}
