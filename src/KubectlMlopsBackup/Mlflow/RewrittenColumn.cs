namespace KubectlMlopsBackup.Mlflow;

/// <param name="Schema">Of the table.</param>
/// <param name="Table">The table.</param>
/// <param name="Column">A column of artifact URIs.</param>
/// <param name="Rewritten">Rows with another URI than before; in a dry run, those that would have.</param>
/// <param name="LeftAlone">Rows with something in it that no OLD fits.</param>
internal sealed record RewrittenColumn(string Schema, string Table, string Column, long Rewritten, long LeftAlone);
