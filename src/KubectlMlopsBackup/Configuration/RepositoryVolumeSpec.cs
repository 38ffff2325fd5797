namespace KubectlMlopsBackup.Configuration;

/// <summary>A volume that a repository lies in.</summary>
internal sealed class RepositoryVolumeSpec
{
    public const string ManyNodes = "ReadWriteMany";

    public string ClaimName { get; set; } = PlanDefaults.RepositoryClaim;

    /// <summary>A Kubernetes quantity; only read where the claim is made.</summary>
    public string Size { get; set; } = PlanDefaults.RepositorySize;

    /// <summary>Null for the cluster's default.</summary>
    public string? StorageClassName { get; set; }

    /// <summary><see cref="ManyNodes"/>, or <c>ReadWriteOnce</c>: then all pods that use it run on one node.</summary>
    public string AccessMode { get; set; } = PlanDefaults.AccessMode;

    /// <summary>False where the claim is there already.</summary>
    public bool Create { get; set; } = true;
}
