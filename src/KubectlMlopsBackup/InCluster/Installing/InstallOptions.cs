namespace KubectlMlopsBackup.InCluster.Installing;

/// <param name="DryRun">The API server checks everything and keeps nothing.</param>
/// <param name="Force">Take fields and objects over from whoever else has them.</param>
/// <param name="CreateNamespace">Make the namespace where it is not there.</param>
/// <param name="AllowDowngrade">Install over what a newer program installed.</param>
internal sealed record InstallOptions(bool DryRun = false, bool Force = false, bool CreateNamespace = false, bool AllowDowngrade = false);
