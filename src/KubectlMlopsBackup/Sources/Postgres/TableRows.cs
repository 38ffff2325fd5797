namespace KubectlMlopsBackup.Sources.Postgres;

/// <param name="Schema">Its schema.</param>
/// <param name="Table">Its name.</param>
/// <param name="Rows">Exactly, in the snapshot's instant; rows of partitions and children are counted there only.</param>
/// <param name="Condition">The <c>WHERE</c> clause that was counted with, as in <see cref="CountedTable"/>; null for all rows.</param>
internal sealed record TableRows(string Schema, string Table, long Rows, string? Condition = null)
{
    public string QuotedName => $"{Sql.Identifier(Schema)}.{Sql.Identifier(Table)}";
}
