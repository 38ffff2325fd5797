namespace KubectlMlopsBackup.Cluster.Models;

internal sealed record ConfigMapView : IClusterObject
{
    public Metadata Metadata { get; init; } = new();

    public Dictionary<string, string>? Data { get; init; }
}
