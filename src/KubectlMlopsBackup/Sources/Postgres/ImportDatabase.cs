using Npgsql;

namespace KubectlMlopsBackup.Sources.Postgres;

/// <summary>An empty database on the plan's server, for a dump of an earlier day. Disposing drops it.</summary>
internal sealed class ImportDatabase : IAsyncDisposable
{
    private readonly ScratchDatabase scratch;

    private ImportDatabase(ScratchDatabase scratch, ClientTools tools)
    {
        this.scratch = scratch;
        Tools = tools;
    }

    public string Name => scratch.Name;

    /// <summary>Of the server's version, or newer.</summary>
    public ClientTools Tools { get; }

    /// <exception cref="UserError">No server, no right to make databases, no client tools.</exception>
    public static async Task<ImportDatabase> CreateAsync(PostgresSettings settings, TimeProvider time, CancellationToken cancellationToken)
    {
        try
        {
            await using var maintenance = await MaintenanceConnection.OpenAsync(settings, settings.Database, cancellationToken);
            if (!await maintenance.ScalarAsync<bool>("SELECT rolcreatedb OR rolsuper FROM pg_roles WHERE rolname = current_user", cancellationToken))
            {
                throw new UserError(
                    $"user {settings.User} may not create databases, and a dump is loaded into a new one to be imported",
                    $"ALTER ROLE {Sql.Identifier(settings.User)} CREATEDB; or import with a plan that names another server, such as an empty one of your own");
            }

            var major = await maintenance.ScalarAsync<int>("SELECT current_setting('server_version_num')::int / 10000", cancellationToken);
            var tools = await ClientToolsFinder.FindAsync(major, settings.ClientToolsDirectory, cancellationToken);
            var facts = (await maintenance.ListAsync(
                "SELECT pg_encoding_to_char(encoding)::text, datcollate::text, datctype::text FROM pg_database WHERE datname = 'template0'",
                r => (Encoding: r.GetString(0), Collate: r.GetString(1), Ctype: r.GetString(2)),
                cancellationToken))[0];
            // Every dump converts itself from the encoding that it says it is in.
            var name = DatabaseNames.Scratch(settings.Database, time.GetUtcNow());
            var made = await ScratchDatabase.CreateAsync(
                settings,
                maintenance,
                new DatabaseFacts
                {
                    Name = name,
                    Owner = settings.User,
                    SizeBytes = 0,
                    Encoding = facts.Encoding == "SQL_ASCII" ? "UTF8" : facts.Encoding,
                    Collate = facts.Encoding == "SQL_ASCII" ? "C" : facts.Collate,
                    Ctype = facts.Encoding == "SQL_ASCII" ? "C" : facts.Ctype,
                    LocaleProvider = "c",
                    Settings = [],
                },
                settings.Database,
                name,
                noOwner: true,
                cancellationToken);
            return new ImportDatabase(made, tools);
        }
        catch (Exception e) when (e is NpgsqlException or TimeoutException)
        {
            throw PostgresErrors.Explain(e, settings);
        }
    }

    public ValueTask DisposeAsync() => scratch.DisposeAsync();
}
