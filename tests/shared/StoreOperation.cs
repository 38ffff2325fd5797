namespace KubectlMlopsBackup.Testing;

internal enum StoreOperation
{
    Create,
    Append,
    Commit,
    Read,
    List,
    Size,
    Delete,
}
