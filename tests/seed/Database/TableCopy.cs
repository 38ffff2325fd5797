using Npgsql;

namespace KubectlMlopsBackup.Seed.Database;

/// <summary>Loads rows by COPY in binary. Columns that this generation's table lacks are left out.</summary>
internal static class TableCopy
{
    /// <param name="columns">Names in the order of the values.</param>
    /// <param name="rows">Values are <c>string</c>, <c>int</c>, <c>long</c>, <c>double</c>, <c>bool</c>, <c>byte[]</c> or null.</param>
    /// <returns>How many rows were loaded; 0 too where there is no such table.</returns>
    public static async Task<long> LoadAsync(
        NpgsqlConnection connection, string table, string[] columns, IEnumerable<object?[]> rows, CancellationToken cancellation)
    {
        var types = await TypesAsync(connection, table, cancellation);
        var kept = Enumerable.Range(0, columns.Length).Where(i => types.ContainsKey(columns[i])).ToArray();
        if (kept.Length == 0)
        {
            return 0;
        }

        var names = string.Join(", ", kept.Select(i => $"\"{columns[i]}\""));
        await using var import = await connection.BeginBinaryImportAsync($"COPY {table} ({names}) FROM STDIN (FORMAT binary)", cancellation);
        foreach (var row in rows)
        {
            await import.StartRowAsync(cancellation);
            foreach (var i in kept)
            {
                if (row[i] is { } value)
                {
                    await import.WriteAsync(value, types[columns[i]], cancellation);
                }
                else
                {
                    await import.WriteNullAsync(cancellation);
                }
            }
        }

        return (long)await import.CompleteAsync(cancellation);
    }

    private static async Task<Dictionary<string, string>> TypesAsync(NpgsqlConnection connection, string table, CancellationToken cancellation)
    {
        await using var command = new NpgsqlCommand(
            """
            SELECT attname, format_type(atttypid, NULL)
            FROM pg_attribute WHERE attrelid = to_regclass($1) AND attnum > 0 AND NOT attisdropped
            """,
            connection);
        command.Parameters.Add(new NpgsqlParameter { Value = table });
        var types = new Dictionary<string, string>(StringComparer.Ordinal);
        await using var reader = await command.ExecuteReaderAsync(cancellation);
        while (await reader.ReadAsync(cancellation))
        {
            types[reader.GetString(0)] = reader.GetString(1);
        }

        return types;
    }
}
