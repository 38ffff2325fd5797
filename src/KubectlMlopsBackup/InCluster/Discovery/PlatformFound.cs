namespace KubectlMlopsBackup.InCluster.Discovery;

/// <summary>What a namespace seems to hold. What is null was neither found nor could be guessed.</summary>
internal sealed record PlatformFound
{
    /// <summary>Null where there is no database.</summary>
    public DatabaseFound? Database { get; init; }

    /// <summary>Null where there are no artifacts.</summary>
    public ArtifactsFound? Artifacts { get; init; }

    /// <summary>Of the pod that has the artifacts' volume, where only one node can have it.</summary>
    public Finding<IReadOnlyDictionary<string, string>>? AffinityLabels { get; init; }

    /// <summary>The user whose files the artifacts are.</summary>
    public Finding<int>? RunAsUser { get; init; }

    public Finding<int>? FsGroup { get; init; }

    /// <summary>Each as the plan's <c>scaleDown</c> wants it.</summary>
    public IReadOnlyList<Finding<string>> ScaleDown { get; init; } = [];

    public Finding<string>? StorageClass { get; init; }

    /// <summary>The Secret for the passphrase is there, with its key.</summary>
    public bool HasPassphrase { get; init; }
}

/// <param name="Version">Of the server; null where its image does not say.</param>
internal sealed record DatabaseFound(
    Finding<string> Host, int Port, Finding<string> Database, Finding<string> User, Finding<SecretReference> Password, string? Version);

internal sealed record SecretReference(string Name, string Key);

/// <summary>Either a claim or a bucket.</summary>
internal sealed record ArtifactsFound
{
    public required string Note { get; init; }

    public string? ClaimName { get; init; }

    public string? SubPath { get; init; }

    /// <summary>Null for the plan's default.</summary>
    public string? MountPath { get; init; }

    public string? Bucket { get; init; }

    public string? Prefix { get; init; }

    public string? Endpoint { get; init; }

    /// <summary>Keys of one Secret; null where the pod has a role.</summary>
    public (string Secret, string AccessKeyIdKey, string SecretAccessKeyKey)? Credentials { get; init; }
}
