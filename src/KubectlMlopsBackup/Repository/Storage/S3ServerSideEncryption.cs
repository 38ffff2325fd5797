namespace KubectlMlopsBackup.Repository.Storage;

/// <summary>What the store is asked to encrypt with. The bucket's own default applies where nothing is asked.</summary>
internal enum S3ServerSideEncryption
{
    None,

    /// <summary>SSE-S3: keys that the store holds.</summary>
    Aes256,

    /// <summary>SSE-KMS: the key of <see cref="S3StoreSettings.KmsKeyId"/>, or the account's own where that is null.</summary>
    Kms,
}
