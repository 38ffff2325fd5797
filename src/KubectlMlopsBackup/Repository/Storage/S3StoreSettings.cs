namespace KubectlMlopsBackup.Repository.Storage;

/// <summary>Where a bucket is and how to talk to it.</summary>
internal sealed record S3StoreSettings
{
    public required string Bucket { get; init; }

    /// <summary>Slashes at either end do not matter; empty means the whole bucket.</summary>
    public string Prefix { get; init; } = "";

    /// <summary>Null: what the SDK finds in the environment or profile, else us-east-1 where there is an endpoint.</summary>
    public string? Region { get; init; }

    /// <summary>Null means AWS.</summary>
    public Uri? Endpoint { get; init; }

    /// <summary>The bucket in the path rather than in the host name, as most stores other than AWS want it.</summary>
    public bool ForcePathStyle { get; init; }

    /// <summary>
    /// Null: the SDK's default chain (environment, web identity of IRSA, profile, EKS Pod Identity, instance metadata).
    /// </summary>
    public string? AccessKey { get; init; }

    public string? SecretKey { get; init; }

    public string? SessionToken { get; init; }

    public S3ServerSideEncryption Encryption { get; init; }

    public string? KmsKeyId { get; init; }

    /// <summary>Null: <see cref="S3ChecksumMode.WhenRequired"/> off AWS, else <see cref="S3ChecksumMode.WhenSupported"/>.</summary>
    public S3ChecksumMode? Checksums { get; init; }

    public S3ChecksumMode ChecksumMode => Checksums ?? (Endpoint is null ? S3ChecksumMode.WhenSupported : S3ChecksumMode.WhenRequired);

    /// <summary>Such as STANDARD_IA. Null: the bucket's default. An archive class makes a backup unreadable for hours.</summary>
    public string? StorageClass { get; init; }

    /// <summary>Requests at once. 8 saturate a gigabit at 20 ms of round trip with packs of 24 MiB.</summary>
    public int Parallelism { get; init; } = 8;

    public S3RetryOptions Retry { get; init; } = new();

    /// <summary>Compiler-made text would show the keys.</summary>
    public override string ToString() => S3Location.Of(Bucket, Prefix);
}
