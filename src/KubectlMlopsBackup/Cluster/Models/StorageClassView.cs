namespace KubectlMlopsBackup.Cluster.Models;

internal sealed record StorageClassView : IClusterObject
{
    public Metadata Metadata { get; init; } = new();

    public bool? AllowVolumeExpansion { get; init; }

    /// <summary><c>WaitForFirstConsumer</c>: a claim is without a volume until a pod uses it.</summary>
    public string? VolumeBindingMode { get; init; }

    public bool IsDefault => Metadata.Annotation("storageclass.kubernetes.io/is-default-class") == "true";
}
