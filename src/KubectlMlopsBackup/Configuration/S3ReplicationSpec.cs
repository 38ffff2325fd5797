namespace KubectlMlopsBackup.Configuration;

/// <summary>A second bucket, best in another region, that the store itself copies every new object to.</summary>
internal sealed class S3ReplicationSpec
{
    /// <summary>Its name.</summary>
    public string Bucket { get; set; } = "";

    /// <summary>The ARN of the role that S3 acts as; null where it is yet to be made.</summary>
    public string? Role { get; set; }

    /// <summary>Null for the objects' own.</summary>
    public string? StorageClass { get; set; }

    /// <summary>The ARN of the key that replicas are encrypted with; needed where the objects are encrypted with a KMS key.</summary>
    public string? KmsKeyId { get; set; }
}
