namespace KubectlMlopsBackup.Cluster.Models;

/// <summary>An Application of Argo CD, as far as it says what it looks after.</summary>
internal sealed record ApplicationView : IClusterObject
{
    public Metadata Metadata { get; init; } = new();

    public ApplicationStatus? Status { get; init; }
}
