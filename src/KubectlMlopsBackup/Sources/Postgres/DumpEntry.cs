namespace KubectlMlopsBackup.Sources.Postgres;

/// <param name="Id">The entry's number in the dump.</param>
/// <param name="Oid">Of the object in the database it came from; 0 where it has none.</param>
/// <param name="Text">Kind, schema, name and owner, separated by blanks.</param>
/// <param name="Line">As <c>pg_restore -L</c> takes it.</param>
internal sealed record DumpEntry(int Id, uint Oid, string Text, string Line)
{
    /// <param name="kind">Such as <c>TABLE DATA</c>.</param>
    public bool Is(string kind) =>
        Text.StartsWith(kind, StringComparison.Ordinal) && Text.Length > kind.Length && Text[kind.Length] == ' ';
}
