namespace KubectlMlopsBackup.Configuration;

/// <summary>How each account gets its rights outside the cluster, such as an IAM role (IRSA).</summary>
internal sealed class ServiceAccountAnnotationsSpec
{
    public Dictionary<string, string> Backup { get; set; } = [];

    public Dictionary<string, string> Restore { get; set; } = [];

    public Dictionary<string, string> Prune { get; set; } = [];
}
