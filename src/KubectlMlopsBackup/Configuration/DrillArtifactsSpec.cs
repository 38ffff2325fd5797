namespace KubectlMlopsBackup.Configuration;

/// <summary>Where drills put artifacts that belong into S3: a place that holds nothing else. The store and the keys are those of the artifacts.</summary>
internal sealed class DrillArtifactsSpec
{
    public string Bucket { get; set; } = "";

    public string Prefix { get; set; } = "";

    /// <param name="artifacts">The platform's own.</param>
    /// <param name="below">A folder in it; null for all of it.</param>
    public S3Spec In(S3Spec artifacts, string? below) => new()
    {
        Bucket = Bucket,
        Prefix = below is null ? Prefix : $"{Prefix}/{below}",
        Region = artifacts.Region,
        Endpoint = artifacts.Endpoint,
        ForcePathStyle = artifacts.ForcePathStyle,
        Checksums = artifacts.Checksums,
        Credentials = artifacts.Credentials,
    };
}
