using Amazon.S3;

namespace KubectlMlopsBackup.Repository.Storage;

/// <summary>Settings in the SDK's words; null leaves the header out.</summary>
internal static class S3Values
{
    public static ServerSideEncryptionMethod? Encryption(S3StoreSettings settings) => settings.Encryption switch
    {
        S3ServerSideEncryption.Aes256 => ServerSideEncryptionMethod.AES256,
        S3ServerSideEncryption.Kms => ServerSideEncryptionMethod.AWSKMS,
        _ => null,
    };

    public static string? KmsKeyId(S3StoreSettings settings) =>
        settings.Encryption == S3ServerSideEncryption.Kms ? settings.KmsKeyId : null;

    /// <summary>One KMS call per bucket and not per object; only AWS is known to have it.</summary>
    public static bool? BucketKey(S3StoreSettings settings) =>
        settings is { Encryption: S3ServerSideEncryption.Kms, Endpoint: null } ? true : null;

    public static S3StorageClass? StorageClass(S3StoreSettings settings) =>
        settings.StorageClass is { } name ? S3StorageClass.FindValue(name) : null;
}
