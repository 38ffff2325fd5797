namespace KubectlMlopsBackup.Sources.ClusterConfig;

/// <summary>What of a cluster is backed up.</summary>
internal sealed record ConfigScope
{
    /// <summary>At least one.</summary>
    public required IReadOnlyList<string> Namespaces { get; init; }

    /// <summary>A label selector for what is in the namespaces; null for all.</summary>
    public string? Selector { get; init; }

    public KindFilter Kinds { get; init; } = KindFilter.All;

    public SecretsMode Secrets { get; init; } = SecretsMode.Include;
}
