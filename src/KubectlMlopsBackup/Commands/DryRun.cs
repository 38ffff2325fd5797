namespace KubectlMlopsBackup.Commands;

internal enum DryRun
{
    None,

    /// <summary>No cluster is asked.</summary>
    Client,

    /// <summary>The API server checks everything and keeps nothing.</summary>
    Server,
}
