namespace KubectlMlopsBackup.Configuration;

internal sealed class PlanMetadata
{
    /// <summary>A DNS label; part of snapshot and Kubernetes object names.</summary>
    public string Name { get; set; } = "";

    /// <summary>The namespace of the platform; null where the caller's own choice holds.</summary>
    public string? Namespace { get; set; }
}
