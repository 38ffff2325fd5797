namespace KubectlMlopsBackup.Local;

/// <summary>What the user says of a new plan; null where nothing.</summary>
internal sealed record InitAnswers
{
    public required string Name { get; init; }

    /// <summary><c>postgres://user@host:port/database</c>.</summary>
    public string? Postgres { get; init; }

    public string? PasswordFile { get; init; }

    /// <summary>A folder or <c>s3://bucket/prefix</c>.</summary>
    public string? Artifacts { get; init; }

    /// <summary>Each <c>name=place</c>.</summary>
    public IReadOnlyList<string> Repositories { get; init; } = [];

    public string? Endpoint { get; init; }

    public string? PassphraseFile { get; init; }

    /// <summary>A key of AWS KMS.</summary>
    public string? KmsKeyId { get; init; }

    public bool NoEncryption { get; init; }
}
