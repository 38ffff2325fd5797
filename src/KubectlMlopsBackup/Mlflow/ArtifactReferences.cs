using System.IO.Pipelines;
using System.Runtime.CompilerServices;
using System.Text;
using System.Text.Json;
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
          AND table_name IN ('experiments', 'runs', 'model_versions', 'logged_models', 'trace_tags', 'datasets', 'workspaces')
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
        foreach (var (column, sql) in await QueriesAsync(connection, cancellationToken))
        {
            await using var command = new NpgsqlCommand(sql, connection);
            await using var reader = await command.ExecuteReaderAsync(cancellationToken);
            while (await reader.ReadAsync(cancellationToken))
            {
                var uri = column.Table == "datasets" ? UriOfDataset(reader.GetString(2)) : reader.GetString(2);
                if (!string.IsNullOrEmpty(uri))
                {
                    yield return new ArtifactReference(
                        column.Kind, reader.GetString(0), reader.GetBoolean(1), $"{column.Table}.{column.Column}", uri);
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

    /// <summary>A dataset's source is JSON whose form depends on its type; those with a URI name it <c>uri</c>.</summary>
    private static string? UriOfDataset(string source)
    {
        try
        {
            using var json = JsonDocument.Parse(source);
            return json.RootElement.ValueKind == JsonValueKind.Object
                && json.RootElement.TryGetProperty("uri", out var uri) && uri.ValueKind == JsonValueKind.String
                    ? uri.GetString()
                    : null;
        }
        catch (JsonException)
        {
            return source.Contains(":/", StringComparison.Ordinal) ? source : null;
        }
    }

    private static async Task<List<(ArtifactColumn Column, string Sql)>> QueriesAsync(
        NpgsqlConnection connection, CancellationToken cancellationToken)
    {
        var present = new SortedDictionary<(string Schema, string Table), HashSet<string>>();
        await using (var command = new NpgsqlCommand(ColumnsSql, connection))
        await using (var reader = await command.ExecuteReaderAsync(cancellationToken))
        {
            while (await reader.ReadAsync(cancellationToken))
            {
                var key = (reader.GetString(0), reader.GetString(1));
                if (!present.TryGetValue(key, out var names))
                {
                    present[key] = names = new HashSet<string>(StringComparer.Ordinal);
                }

                names.Add(reader.GetString(2));
            }
        }

        return
        [
            .. from table in present
               from column in ArtifactColumn.All
               where column.Table == table.Key.Table
               from concrete in Expand(column, table.Value)
               let sql = ToSql(concrete, table.Key.Schema, table.Value)
               where sql is not null
               select (concrete, sql),
        ];
    }

    /// <summary>The columns of <c>workspaces</c> are still in motion: whichever is named after a root, location or URI.</summary>
    private static IEnumerable<ArtifactColumn> Expand(ArtifactColumn column, HashSet<string> present) =>
        column.Column != "*"
            ? [column]
            : present.Where(n => n.Contains("artifact", StringComparison.Ordinal)
                    || n.EndsWith("_location", StringComparison.Ordinal) || n.EndsWith("_uri", StringComparison.Ordinal))
                .Order(StringComparer.Ordinal)
                .Select(n => column with { Column = n });

    /// <returns>Null where this version's table lacks a column that is needed.</returns>
    private static string? ToSql(ArtifactColumn column, string schema, HashSet<string> present)
    {
        var ids = column.Ids.Select(names => names.Split('|').FirstOrDefault(present.Contains)).ToArray();
        if (!present.Contains(column.Column) || ids.Contains(null))
        {
            return null;
        }

        var id = string.Join(" || '/' || ", ids.Select(i => $"{i}::text"));
        var deleted = column.StateColumn is { } state && present.Contains(state)
            ? $"coalesce({state} = '{column.DeletedState}', false)"
            : "false";
        return $"SELECT {id}, {deleted}, {column.Column}::text FROM \"{schema.Replace("\"", "\"\"", StringComparison.Ordinal)}\".{column.Table} "
            + $"WHERE {column.Column} IS NOT NULL{(column.Filter is { } filter ? $" AND {filter}" : "")} ORDER BY {string.Join(", ", ids)}";
    }
}
