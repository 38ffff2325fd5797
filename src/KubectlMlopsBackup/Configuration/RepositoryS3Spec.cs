namespace KubectlMlopsBackup.Configuration;

/// <summary>An S3 location that a repository lies in.</summary>
internal sealed class RepositoryS3Spec : IS3Spec
{
    public string Bucket { get; set; } = "";

    public string Prefix { get; set; } = "";

    public string? Region { get; set; }

    public string? Endpoint { get; set; }

    public bool? ForcePathStyle { get; set; }

    public string? Checksums { get; set; }

    /// <summary><c>none</c> (the bucket's own default holds), <c>AES256</c> or <c>aws:kms</c>.</summary>
    public string ServerSideEncryption { get; set; } = PlanDefaults.ServerSideEncryption;

    /// <summary>Only with <c>aws:kms</c>; null means the account's own key for S3.</summary>
    public string? KmsKeyId { get; set; }

    /// <summary>Null for the store's default.</summary>
    public string? StorageClass { get; set; }

    /// <summary>Null: the defaults.</summary>
    public S3SetupSpec? Setup { get; set; }

    public S3CredentialsSpec? Credentials { get; set; }
}
