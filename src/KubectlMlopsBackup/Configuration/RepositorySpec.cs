namespace KubectlMlopsBackup.Configuration;

/// <summary>Exactly one of <see cref="Path"/>, <see cref="S3"/> and <see cref="Volume"/> is set.</summary>
internal sealed class RepositorySpec
{
    public string Name { get; set; } = "";

    public string? Path { get; set; }

    public RepositoryS3Spec? S3 { get; set; }

    /// <summary>In the cluster only.</summary>
    public RepositoryVolumeSpec? Volume { get; set; }

    /// <summary>Never null after loading: <see cref="PlanDefaults"/> puts the default of the repository's kind here.</summary>
    public RetentionSpec? Retention { get; set; }
}
