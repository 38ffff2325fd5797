namespace KubectlMlopsBackup.InCluster.Installing;

internal enum DeleteMode
{
    Delete,

    /// <summary>The API server checks it and keeps everything.</summary>
    Try,

    /// <summary>Only lists what there is.</summary>
    Look,
}
