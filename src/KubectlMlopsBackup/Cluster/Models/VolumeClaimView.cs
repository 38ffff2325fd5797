namespace KubectlMlopsBackup.Cluster.Models;

internal sealed record VolumeClaimView : IClusterObject
{
    public Metadata Metadata { get; init; } = new();

    public VolumeClaimSpecView? Spec { get; init; }

    public ClaimStatusView? Status { get; init; }

    /// <summary>One node at a time.</summary>
    public bool IsOfOneNode => Spec?.AccessModes is { Count: > 0 } modes && !modes.Exists(m => m is "ReadWriteMany" or "ReadOnlyMany");
}

internal sealed record VolumeClaimSpecView(List<string>? AccessModes, string? StorageClassName, string? VolumeName = null);
