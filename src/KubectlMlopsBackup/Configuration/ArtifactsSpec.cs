namespace KubectlMlopsBackup.Configuration;

/// <summary>Exactly one of <see cref="Path"/>, <see cref="S3"/> and <see cref="Volume"/> is set.</summary>
internal sealed class ArtifactsSpec
{
    public string? Path { get; set; }

    public S3Spec? S3 { get; set; }

    /// <summary>In the cluster only.</summary>
    public ArtifactsVolumeSpec? Volume { get; set; }

    /// <summary>What else MLflow's database calls the root of the artifacts: URIs or paths, as the server was started with them.</summary>
    public List<string> Uris { get; set; } = [];

    /// <summary>Glob patterns, relative to the root of the artifacts.</summary>
    public List<string> Exclude { get; set; } = [];

    /// <summary>True: no files at all are good as long as no backup had any, as on a platform that is new.</summary>
    public bool? AllowEmpty { get; set; }

    /// <summary>Five cron fields; null where nothing is said: on request with --local, <see cref="PlanDefaults.ArtifactsSchedule"/> in the cluster.</summary>
    public string? Schedule { get; set; }

    /// <summary>Pods that back up together; in the cluster only.</summary>
    public int Parallelism { get; set; } = 1;
}
