namespace KubectlMlopsBackup.Configuration;

/// <summary>What is known when a plan is written. What is null is written as a comment that shows how it would look.</summary>
internal sealed record PlanTemplateOptions
{
    public required string Name { get; init; }

    public string? Namespace { get; init; }

    public string TimeZone { get; init; } = PlanDefaults.TimeZone;

    public PostgresSpec? Postgres { get; init; }

    public ArtifactsSpec? Artifacts { get; init; }

    /// <summary>Not empty. Where <see cref="RepositorySpec.Retention"/> is null, the default of its kind is written out.</summary>
    public required IReadOnlyList<RepositorySpec> Repositories { get; init; }

    public required EncryptionSpec Encryption { get; init; }

    public string Compression { get; init; } = PlanDefaults.Compression;

    public RecoverySpec Recovery { get; init; } = new();
}
