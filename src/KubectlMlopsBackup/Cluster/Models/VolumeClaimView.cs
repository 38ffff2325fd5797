namespace KubectlMlopsBackup.Cluster.Models;

internal sealed record VolumeClaimView : IClusterObject
{
    public Metadata Metadata { get; init; } = new();

    public VolumeClaimSpecView? Spec { get; init; }
}

internal sealed record VolumeClaimSpecView(List<string>? AccessModes, string? StorageClassName);
