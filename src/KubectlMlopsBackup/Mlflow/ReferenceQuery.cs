using Npgsql;

namespace KubectlMlopsBackup.Mlflow;

/// <summary>Reads the references that one column holds, with what must lie there.</summary>
/// <param name="Column">Which.</param>
/// <param name="Sql">
/// Gives id, deleted, value, experiment, expectation and location; of tags, the run, deleted, value, experiment, key and the run's own URI.
/// </param>
/// <param name="Decode">What a value holds: most are the URI itself.</param>
internal sealed record ReferenceQuery(ArtifactColumn Column, string Sql, Func<ReferenceRow, IEnumerable<ArtifactReference>> Decode)
{
    /// <summary>Those that a schema can answer, table by table.</summary>
    public static IEnumerable<ReferenceQuery> Of(MlflowTables tables)
    {
        var columns = ArtifactColumn.All.Where(c => tables.Has(c.Table)).SelectMany(c => Expand(c, tables))
            .Select(c => ReferenceSql.Of(c, tables) is { } sql
                ? new ReferenceQuery(c, sql, c.Table == "datasets" ? RunTagValue.OfDataset : row => [row.ToReference(row.Value)])
                : null)
            .Append(ReferenceSql.OfTags(tables) is { } tags ? new ReferenceQuery(ReferenceSql.Tags, tags, RunTagValue.Of) : null);
        return columns.OfType<ReferenceQuery>().OrderBy(q => q.Column.Table, StringComparer.Ordinal);
    }

    public IEnumerable<ArtifactReference> Read(NpgsqlDataReader reader) =>
        Decode(new ReferenceRow(
            Column,
            reader.GetString(0),
            reader.GetBoolean(1),
            reader.GetString(2),
            Text(reader, 3),
            reader.GetString(4),
            Text(reader, 5))).Where(r => r.Uri.Length > 0);

    private static string Text(NpgsqlDataReader reader, int column) => reader.IsDBNull(column) ? "" : reader.GetString(column);

    /// <summary>The columns of <c>workspaces</c> are still in motion: whichever is named after a root, location or URI.</summary>
    private static IEnumerable<ArtifactColumn> Expand(ArtifactColumn column, MlflowTables tables) =>
        column.Column != "*"
            ? [column]
            : tables.Columns[column.Table].Where(n => n.Contains("artifact", StringComparison.Ordinal)
                    || n.EndsWith("_location", StringComparison.Ordinal) || n.EndsWith("_uri", StringComparison.Ordinal))
                .Order(StringComparer.Ordinal)
                .Select(n => column with { Column = n });
}
