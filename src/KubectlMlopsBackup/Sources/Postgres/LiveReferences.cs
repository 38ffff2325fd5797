using System.Runtime.CompilerServices;
using KubectlMlopsBackup.Mlflow;
using Npgsql;

namespace KubectlMlopsBackup.Sources.Postgres;

/// <summary>What a live database refers to, all of one instant: a transaction that reads only, and sees no later change.</summary>
internal sealed class LiveReferences : IAsyncDisposable
{
    private readonly PostgresSettings settings;
    private readonly NpgsqlConnection connection;

    private LiveReferences(PostgresSettings settings, NpgsqlConnection connection, DateTimeOffset time)
    {
        this.settings = settings;
        this.connection = connection;
        Time = time;
    }

    /// <summary>The instant, by the server's clock.</summary>
    public DateTimeOffset Time { get; }

    /// <exception cref="UserError">The server cannot be reached, or refuses.</exception>
    public static async Task<LiveReferences> OpenAsync(PostgresSettings settings, CancellationToken cancellationToken)
    {
        var connection = await PostgresConnections.OpenAsync(settings, settings.Database, cancellationToken);
        try
        {
            await connection.RunAsync("BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY", cancellationToken);
            return new LiveReferences(settings, connection, await connection.ScalarAsync<DateTime>("SELECT transaction_timestamp()", cancellationToken));
        }
        catch (NpgsqlException e)
        {
            await connection.DisposeAsync();
            throw PostgresErrors.Explain(e, settings);
        }
        catch
        {
            await connection.DisposeAsync();
            throw;
        }
    }

    /// <exception cref="UserError">The server went away, or refuses.</exception>
    public async IAsyncEnumerable<ArtifactReference> ReadAsync([EnumeratorCancellation] CancellationToken cancellationToken)
    {
        await using var references = ArtifactReferences.ReadAsync(connection, cancellationToken).GetAsyncEnumerator(cancellationToken);
        while (true)
        {
            bool more;
            try
            {
                more = await references.MoveNextAsync();
            }
            catch (Exception e) when (e is NpgsqlException or TimeoutException)
            {
                throw PostgresErrors.Explain(e, settings);
            }

            if (!more)
            {
                yield break;
            }

            yield return references.Current;
        }
    }

    public ValueTask DisposeAsync() => connection.DisposeAsync();
}
