namespace KubectlMlopsBackup.Sources.Postgres;

/// <param name="Oid">In its own database.</param>
/// <param name="Schema">Its schema.</param>
/// <param name="Table">Its name.</param>
/// <param name="Condition">A <c>WHERE</c> clause for the configuration table of an extension, of which
/// only the user's own rows are dumped; else empty.</param>
internal sealed record CountedTable(uint Oid, string Schema, string Table, string Condition)
{
    public string CountSql =>
        $"SELECT count(*) FROM ONLY {Sql.Identifier(Schema)}.{Sql.Identifier(Table)} {Condition}";
}
