namespace KubectlMlopsBackup.Cluster.Models;

internal sealed record ServiceView : IClusterObject
{
    public Metadata Metadata { get; init; } = new();

    public ServiceSpecView? Spec { get; init; }
}

/// <param name="ClusterIP"><c>None</c> for a headless one.</param>
/// <param name="Type">Null for <c>ClusterIP</c>.</param>
internal sealed record ServiceSpecView(
    Dictionary<string, string>? Selector,
    List<ServicePortView>? Ports,
    [property: System.Text.Json.Serialization.JsonPropertyName("clusterIP")] string? ClusterIP,
    string? Type = null);

internal sealed record ServicePortView(string? Name, int Port);
