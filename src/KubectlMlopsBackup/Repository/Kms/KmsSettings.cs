using Amazon.Runtime;

namespace KubectlMlopsBackup.Repository.Kms;

/// <summary>Which key of AWS KMS, and how it is reached.</summary>
internal sealed record KmsSettings
{
    /// <summary>An ARN, a key's id, or <c>alias/NAME</c>.</summary>
    public required string KeyId { get; init; }

    /// <summary>Null: that of the ARN, else of the environment.</summary>
    public string? Region { get; init; }

    /// <summary>Null: that of AWS.</summary>
    public Uri? Endpoint { get; init; }

    /// <summary>Null: the SDK's default chain (environment, web identity of IRSA, profile, EKS Pod Identity, instance metadata).</summary>
    public AWSCredentials? Credentials { get; init; }

    /// <summary>How often a request is sent again.</summary>
    public int Retries { get; init; } = 4;

    /// <summary>Of one request; half of it for the connection.</summary>
    public TimeSpan Timeout { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>A look is no backup: it does not wait for a service that is away for long.</summary>
    public KmsSettings ForALook() => this with { Retries = 1, Timeout = TimeSpan.FromSeconds(6) };

    /// <summary>Compiler-made text would show more.</summary>
    public override string ToString() => $"KMS key {KeyId}";
}
