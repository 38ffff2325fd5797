using System.IO.Pipelines;
using System.Runtime.CompilerServices;
using System.Text;
using Npgsql;

namespace KubectlMlopsBackup.Mlflow;

/// <summary>Reads every artifact URI that the database names, a row at a time, sorted within each column by key.</summary>
internal static class ArtifactReferences
{
    private const int FlushEvery = 64 << 10;

    /// <summary>Where MLflow's tables are may differ: whichever schemas have a table of one of the names.</summary>
    public const string ColumnsSql = """
        SELECT table_schema::text, table_name::text, column_name::text
        FROM information_schema.columns
        WHERE table_schema !~ '^pg_' AND table_schema <> 'information_schema'
          AND table_name IN ('experiments', 'runs', 'tags', 'model_versions', 'logged_models', 'logged_model_tags', 'trace_info', 'trace_tags',
                             'datasets', 'workspaces')
          AND table_schema IN (SELECT table_schema FROM information_schema.columns
                               WHERE table_name = 'experiments' AND column_name = 'artifact_location')
        ORDER BY 1, 2, 3
        """;

    /// <summary>Writes <c>artifact-uris.tsv</c>; nothing where there are no tables of MLflow.</summary>
    /// <returns>How many were written.</returns>
    public static async Task<long> WriteAsync(
        NpgsqlConnection connection, PipeWriter writer, CancellationToken cancellationToken)
    {
        var count = 0L;
        var pending = 0;
        await foreach (var reference in ReadAsync(connection, cancellationToken))
        {
            var bytes = Encoding.UTF8.GetBytes(reference.ToLine() + "\n");
            bytes.CopyTo(writer.GetMemory(bytes.Length));
            writer.Advance(bytes.Length);
            count++;
            pending += bytes.Length;
            if (pending >= FlushEvery)
            {
                pending = 0;
                var flushed = await writer.FlushAsync(cancellationToken);
                if (flushed.IsCompleted)
                {
                    // The reader gave up, and says why itself.
                    break;
                }
            }
        }

        return count;
    }

    public static async IAsyncEnumerable<ArtifactReference> ReadAsync(
        NpgsqlConnection connection, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        foreach (var query in (await MlflowTables.AllAsync(connection, cancellationToken)).SelectMany(ReferenceQuery.Of))
        {
            await using var command = new NpgsqlCommand(query.Sql, connection);
            await using var reader = await command.ExecuteReaderAsync(cancellationToken);
            while (await reader.ReadAsync(cancellationToken))
            {
                foreach (var reference in query.Read(reader))
                {
                    yield return reference;
                }
            }
        }
    }

    /// <summary>Reads back what <see cref="WriteAsync"/> wrote.</summary>
    /// <exception cref="InvalidDataException">Something else.</exception>
    public static async IAsyncEnumerable<ArtifactReference> ReadAsync(
        Stream tsv, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        using var reader = new StreamReader(tsv, new UTF8Encoding(false, true), leaveOpen: true);
        while (await reader.ReadLineAsync(cancellationToken) is { } line)
        {
            yield return ArtifactReference.Parse(line);
        }
    }
}
