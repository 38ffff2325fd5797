namespace KubectlMlopsBackup.Cluster.Models;

internal sealed record ApplicationResource
{
    public string? Kind { get; init; }

    public string? Name { get; init; }

    public string? Namespace { get; init; }
}
