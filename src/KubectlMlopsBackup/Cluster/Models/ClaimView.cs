namespace KubectlMlopsBackup.Cluster.Models;

/// <summary>A PersistentVolumeClaim.</summary>
internal sealed record ClaimView : IClusterObject
{
    public Metadata Metadata { get; init; } = new();

    public ClaimStatusView? Status { get; init; }
}

/// <param name="Phase"><c>Pending</c>, <c>Bound</c> or <c>Lost</c>.</param>
internal sealed record ClaimStatusView(string? Phase);
