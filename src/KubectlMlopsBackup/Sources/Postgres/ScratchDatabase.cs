using Npgsql;

namespace KubectlMlopsBackup.Sources.Postgres;

/// <summary>The database that a restore fills. Unless it was kept, disposing drops it.</summary>
internal sealed class ScratchDatabase : IAsyncDisposable
{
    private readonly PostgresSettings settings;
    private readonly string target;
    private bool kept;

    private ScratchDatabase(PostgresSettings settings, string target, string name)
    {
        this.settings = settings;
        this.target = target;
        Name = name;
    }

    public string Name { get; }

    public static async Task<ScratchDatabase> CreateAsync(
        PostgresSettings settings,
        NpgsqlConnection maintenance,
        DatabaseFacts facts,
        string target,
        string name,
        bool noOwner,
        CancellationToken cancellationToken)
    {
        var sql = $"CREATE DATABASE {Sql.Identifier(name)} TEMPLATE template0 ENCODING {Sql.Literal(facts.Encoding)} "
            + $"LC_COLLATE {Sql.Literal(facts.Collate)} LC_CTYPE {Sql.Literal(facts.Ctype)}";
        sql += (facts.LocaleProvider, facts.Locale) switch
        {
            ("i", { } locale) => $" LOCALE_PROVIDER icu ICU_LOCALE {Sql.Literal(locale)}"
                + (facts.IcuRules is { } rules ? $" ICU_RULES {Sql.Literal(rules)}" : ""),
            ("b", { } locale) => $" LOCALE_PROVIDER builtin BUILTIN_LOCALE {Sql.Literal(locale)}",
            _ => "",
        };
        if (!noOwner)
        {
            sql += $" OWNER {Sql.Identifier(facts.Owner)}";
        }

        var scratch = new ScratchDatabase(settings, target, name);
        try
        {
            await maintenance.RunAsync(sql, cancellationToken);
            return scratch;
        }
        catch (PostgresException e) when (e.SqlState is PostgresErrorCodes.WrongObjectType or PostgresErrorCodes.InvalidParameterValue)
        {
            throw new UserError(
                $"the server cannot make a database with the backup's locale ({facts.Collate}, {facts.Ctype}, {facts.Encoding}): {e.MessageText}",
                "install that locale on the server's machine (locale-gen, or the image's locales package)",
                inner: e);
        }
        catch
        {
            // Cancelled or cut off: the server may have made it all the same.
            await scratch.DisposeAsync();
            throw;
        }
    }

    /// <summary>It is the live one now.</summary>
    public void Keep() => kept = true;

    /// <summary>Uses a connection of its own: it runs when another just broke. What fails here is left for
    /// <see cref="PostgresRestore.DropPreviousAsync"/>.</summary>
    public async ValueTask DisposeAsync()
    {
        if (kept)
        {
            return;
        }

        using var limit = new CancellationTokenSource(TimeSpan.FromMinutes(1));
        try
        {
            await using var maintenance = await MaintenanceConnection.OpenAsync(settings, target, limit.Token);
            await DropAsync(maintenance, Name, limit.Token);
        }
        catch (Exception e) when (e is NpgsqlException or UserError or OperationCanceledException)
        {
            // The failure that led here is the one to report.
        }
    }

    /// <summary>Ends whatever is connected to it, and drops it.</summary>
    public static async Task DropAsync(NpgsqlConnection maintenance, string name, CancellationToken cancellationToken)
    {
        const int ForceSince = 13;
        var force = maintenance.PostgreSqlVersion.Major >= ForceSince ? " WITH (FORCE)" : "";
        await maintenance.RunAsync($"DROP DATABASE IF EXISTS {Sql.Identifier(name)}{force}", cancellationToken);
    }
}
