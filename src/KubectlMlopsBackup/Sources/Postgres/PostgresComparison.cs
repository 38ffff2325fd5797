using KubectlMlopsBackup.Mlflow;
using Npgsql;

namespace KubectlMlopsBackup.Sources.Postgres;

/// <summary>Compares the rows of a live database, by exact count a table, with those of a snapshot. Writes nothing.</summary>
internal static class PostgresComparison
{
    /// <exception cref="UserError">The server cannot be reached.</exception>
    public static async Task<IReadOnlyList<RestoredTable>> RunAsync(
        PostgresSettings settings, PostgresFacts facts, CancellationToken cancellationToken)
    {
        try
        {
            await using var connection = await PostgresConnections.OpenAsync(settings, settings.Database, cancellationToken);
            return await RestoreCheck.CountAsync(connection, facts, cancellationToken);
        }
        catch (NpgsqlException e)
        {
            throw PostgresErrors.Explain(e, settings);
        }
    }

    /// <summary>How many artifact URIs of the live database would be rewritten, a column.</summary>
    /// <exception cref="UserError">The server cannot be reached, or a value would not fit into its column.</exception>
    public static async Task<IReadOnlyList<RewrittenColumn>> CountRewritesAsync(
        PostgresSettings settings, ArtifactRewrite rewrite, CancellationToken cancellationToken)
    {
        try
        {
            await using var connection = await PostgresConnections.OpenAsync(settings, settings.Database, cancellationToken);
            return await rewrite.RunAsync(connection, write: false, cancellationToken);
        }
        catch (NpgsqlException e)
        {
            throw PostgresErrors.Explain(e, settings);
        }
    }
}
