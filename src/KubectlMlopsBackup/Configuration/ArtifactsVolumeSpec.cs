namespace KubectlMlopsBackup.Configuration;

/// <summary>A volume that is there already, and that backups read.</summary>
internal sealed class ArtifactsVolumeSpec
{
    public string ClaimName { get; set; } = "";

    /// <summary>Below the volume's root; null for all of it.</summary>
    public string? SubPath { get; set; }

    /// <summary>Where the backup's pod sees it.</summary>
    public string MountPath { get; set; } = PlanDefaults.MountPath;
}
