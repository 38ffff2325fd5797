using Npgsql;

namespace KubectlMlopsBackup.Sources.Postgres;

/// <summary>Puts back what belongs to the database itself and is not in its dump.</summary>
internal static class DatabaseProperties
{
    /// <returns>What could not be put back, and why: some settings only a superuser may make.</returns>
    public static async Task<List<string>> ApplyAsync(
        NpgsqlConnection maintenance, string database, DatabaseFacts facts, bool noOwner, CancellationToken cancellationToken)
    {
        var name = Sql.Identifier(database);
        var statements = new List<string>();
        if (facts.Comment is { } comment)
        {
            statements.Add($"COMMENT ON DATABASE {name} IS {Sql.Literal(comment)}");
        }

        if (facts.ConnectionLimit >= 0)
        {
            statements.Add($"ALTER DATABASE {name} CONNECTION LIMIT {facts.ConnectionLimit}");
        }

        if (facts.Grants is { } grants && !noOwner)
        {
            statements.Add($"REVOKE ALL ON DATABASE {name} FROM PUBLIC");
            statements.AddRange(grants.Select(g => g.ToSql(database)));
        }

        statements.AddRange(facts.Settings.Select(s => s.ToSql(database)));
        var warnings = new List<string>();
        foreach (var statement in statements)
        {
            try
            {
                await maintenance.RunAsync(statement, cancellationToken);
            }
            catch (PostgresException e)
            {
                warnings.Add($"not put back: {statement}: {e.MessageText}");
            }
        }

        return warnings;
    }
}
