namespace KubectlMlopsBackup.Sources.Postgres;

/// <param name="Schema">Its schema.</param>
/// <param name="Table">Its name.</param>
/// <param name="Expected">Rows in the snapshot's instant.</param>
/// <param name="Actual">Rows after the restore; null where there is no such table.</param>
internal sealed record RestoredTable(string Schema, string Table, long Expected, long? Actual);
