namespace KubectlMlopsBackup.Configuration;

/// <summary>An S3 location that artifacts are read from.</summary>
internal sealed class S3Spec : IS3Spec
{
    public string Bucket { get; set; } = "";

    public string Prefix { get; set; } = "";

    public string? Region { get; set; }

    public string? Endpoint { get; set; }

    public bool? ForcePathStyle { get; set; }

    public string? Checksums { get; set; }

    public S3CredentialsSpec? Credentials { get; set; }
}
