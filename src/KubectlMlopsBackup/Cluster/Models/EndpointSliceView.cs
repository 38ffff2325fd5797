namespace KubectlMlopsBackup.Cluster.Models;

internal sealed record EndpointSliceView : IClusterObject
{
    public Metadata Metadata { get; init; } = new();

    public List<EndpointView>? Endpoints { get; init; }
}

internal sealed record EndpointView(List<string>? Addresses, EndpointConditions? Conditions);

/// <param name="Ready">Null means yes.</param>
internal sealed record EndpointConditions(bool? Ready);
