namespace KubectlMlopsBackup.Repository.Storage;

internal enum DeleteOutcome
{
    Deleted,
    NotFound,

    /// <summary>The store will not let it go yet (Object Lock, legal hold): not an error.</summary>
    Retained,
}
