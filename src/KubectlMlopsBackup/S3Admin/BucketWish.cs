using System.Security.Cryptography;
using System.Text;
using KubectlMlopsBackup.Configuration;
using KubectlMlopsBackup.Repository.Storage;

namespace KubectlMlopsBackup.S3Admin;

/// <summary>How a repository's bucket is to be, as the plan says it.</summary>
internal sealed record BucketWish
{
    /// <summary>S3's own limit.</summary>
    private const int LongestRuleId = 255;

    public required string Repository { get; init; }

    public required string Bucket { get; init; }

    /// <summary>"" or a path with a slash at its end: what rules are limited to.</summary>
    public required string Prefix { get; init; }

    /// <summary>Null: what the SDK finds in the environment or profile.</summary>
    public string? Region { get; init; }

    /// <summary>Null means AWS.</summary>
    public Uri? Endpoint { get; init; }

    public S3ServerSideEncryption Encryption { get; init; }

    public string? KmsKeyId { get; init; }

    public string? StorageClass { get; init; }

    public required S3SetupSpec Setup { get; init; }

    public bool IsAws => Endpoint is null;

    public bool IsPlainHttp => Endpoint?.Scheme == Uri.UriSchemeHttp;

    /// <summary><c>aws</c>, or that of China or of the US government.</summary>
    public string Partition => S3Partition.Of(Region);

    public string BucketArn => $"arn:{Partition}:s3:::{Bucket}";

    /// <summary>The name of a rule in the bucket's configuration. Each repository in the bucket has its own.</summary>
    public string RuleId(string rule)
    {
        var id = $"mlopsbackup-{rule}-{Prefix.Replace('/', '.')}".TrimEnd('.', '-');
        return id.Length <= LongestRuleId
            ? id
            : $"mlopsbackup-{rule}-{Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(Prefix)))}";
    }

    /// <param name="settings">As they were made of the plan: region and endpoint are in them.</param>
    public static BucketWish Of(RepositorySpec repository, S3StoreSettings settings)
    {
        var prefix = settings.Prefix.Trim('/');
        return new BucketWish
        {
            Repository = repository.Name,
            Bucket = settings.Bucket,
            Prefix = prefix.Length == 0 ? "" : prefix + "/",
            Region = settings.Region,
            Endpoint = settings.Endpoint,
            Encryption = settings.Encryption,
            KmsKeyId = settings.KmsKeyId,
            StorageClass = settings.StorageClass,
            Setup = repository.S3!.Setup ?? new S3SetupSpec(),
        };
    }
}
