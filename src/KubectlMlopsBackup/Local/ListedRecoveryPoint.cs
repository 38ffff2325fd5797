using KubectlMlopsBackup.Repository.Snapshots;

namespace KubectlMlopsBackup.Local;

/// <summary>A row of <c>list --recovery-points</c>.</summary>
internal sealed record ListedRecoveryPoint
{
    public required string Id { get; init; }

    public required string Repository { get; init; }

    public required string Plan { get; init; }

    public required DateTimeOffset Time { get; init; }

    public required bool Complete { get; init; }

    /// <summary>The least of its snapshots' proofs; null where one has none.</summary>
    public VerificationLevel? Verified { get; init; }

    public string? Postgres { get; init; }

    public string? Artifacts { get; init; }

    public string? Config { get; init; }

    public static ListedRecoveryPoint Of(OpenRepository repository, RecoveryPoint point) => new()
    {
        Id = point.Id,
        Repository = repository.Name,
        Plan = point.Plan,
        Time = point.Time,
        Complete = point.Complete,
        Verified = point.VerifiedIn(repository.Catalog),
        Postgres = point.Postgres?.Id,
        Artifacts = point.Artifacts?.Id,
        Config = point.Config?.Id,
    };
}
