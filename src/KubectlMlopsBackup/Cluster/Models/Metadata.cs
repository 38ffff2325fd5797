namespace KubectlMlopsBackup.Cluster.Models;

/// <summary>What every object has, as far as it is read here.</summary>
internal sealed record Metadata
{
    public string Name { get; init; } = "";

    public string? Namespace { get; init; }

    public string Uid { get; init; } = "";

    public string? ResourceVersion { get; init; }

    public long? Generation { get; init; }

    public DateTimeOffset? CreationTimestamp { get; init; }

    public DateTimeOffset? DeletionTimestamp { get; init; }

    public Dictionary<string, string>? Labels { get; init; }

    public Dictionary<string, string>? Annotations { get; init; }

    public List<OwnerReference>? OwnerReferences { get; init; }

    public string? Label(string key) => Labels?.GetValueOrDefault(key);

    public string? Annotation(string key) => Annotations?.GetValueOrDefault(key);
}
