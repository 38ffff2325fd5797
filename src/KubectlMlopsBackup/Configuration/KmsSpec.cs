namespace KubectlMlopsBackup.Configuration;

/// <summary>A key of AWS KMS in a passphrase's place.</summary>
internal sealed class KmsSpec
{
    /// <summary>An ARN, a key's id, or <c>alias/NAME</c>.</summary>
    public string KeyId { get; set; } = "";

    /// <summary>Null where <see cref="KeyId"/> is an ARN, which says it.</summary>
    public string? Region { get; set; }

    /// <summary>Null: that of AWS.</summary>
    public string? Endpoint { get; set; }

    /// <summary>Null: where the AWS SDK looks for them.</summary>
    public S3CredentialsSpec? Credentials { get; set; }
}
