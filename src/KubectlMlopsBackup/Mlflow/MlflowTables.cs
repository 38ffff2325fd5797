using Npgsql;

namespace KubectlMlopsBackup.Mlflow;

/// <summary>Which of MLflow's tables and columns one schema of a database has: that, and no version number, says what can be asked.</summary>
/// <param name="Schema">As it is named, without quotes.</param>
/// <param name="Columns">Of each table.</param>
internal sealed record MlflowTables(string Schema, IReadOnlyDictionary<string, IReadOnlySet<string>> Columns)
{
    /// <summary>One for each schema that has MLflow's tables; none where the database is another program's.</summary>
    public static async Task<IReadOnlyList<MlflowTables>> AllAsync(NpgsqlConnection connection, CancellationToken cancellationToken)
    {
        var found = new List<(string Schema, string Table, string Column)>();
        await using var command = new NpgsqlCommand(ArtifactReferences.ColumnsSql, connection);
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        while (await reader.ReadAsync(cancellationToken))
        {
            found.Add((reader.GetString(0), reader.GetString(1), reader.GetString(2)));
        }

        return
        [
            .. found.GroupBy(f => f.Schema, StringComparer.Ordinal).OrderBy(g => g.Key, StringComparer.Ordinal).Select(schema => new MlflowTables(
                schema.Key,
                schema.GroupBy(f => f.Table, StringComparer.Ordinal).ToDictionary(
                    g => g.Key, IReadOnlySet<string> (g) => g.Select(f => f.Column).ToHashSet(StringComparer.Ordinal), StringComparer.Ordinal))),
        ];
    }

    public bool Has(string table) => Columns.ContainsKey(table);

    public bool Has(string table, string column) => Columns.TryGetValue(table, out var columns) && columns.Contains(column);

    /// <summary>For SQL.</summary>
    public string Quoted(string table) => $"\"{Schema.Replace("\"", "\"\"", StringComparison.Ordinal)}\".{table}";
}
