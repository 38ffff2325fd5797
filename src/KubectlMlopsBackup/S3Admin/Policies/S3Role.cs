namespace KubectlMlopsBackup.S3Admin.Policies;

/// <summary>Whose rights at the store are meant.</summary>
internal enum S3Role
{
    Backup,
    Restore,
    Prune,
    Verify,
}
