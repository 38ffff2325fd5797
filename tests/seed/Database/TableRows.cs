namespace KubectlMlopsBackup.Seed.Database;

/// <summary>Rows for one table, made while they are read.</summary>
internal sealed record TableRows(string Table, string[] Columns, IEnumerable<object?[]> Rows);
