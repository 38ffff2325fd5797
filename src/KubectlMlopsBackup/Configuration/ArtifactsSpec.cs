namespace KubectlMlopsBackup.Configuration;

/// <summary>Exactly one of <see cref="Path"/> and <see cref="S3"/> is set.</summary>
internal sealed class ArtifactsSpec
{
    public string? Path { get; set; }

    public S3Spec? S3 { get; set; }

    /// <summary>Glob patterns, relative to the root of the artifacts.</summary>
    public List<string> Exclude { get; set; } = [];

    /// <summary>Five cron fields; null where backups of it are only made on request.</summary>
    public string? Schedule { get; set; }
}
