using KubectlMlopsBackup.Repository.Snapshots;

namespace KubectlMlopsBackup.Local;

/// <summary>A row of <c>list --recovery-points</c>.</summary>
internal record ListedRecoveryPoint
{
    public required string Id { get; init; }

    public required string Repository { get; init; }

    public required string Plan { get; init; }

    public required DateTimeOffset Time { get; init; }

    public required bool Complete { get; init; }

    /// <summary>Whether all that its database refers to is among its artifacts; null where that was not checked, or could not be judged.</summary>
    public bool? Consistent { get; init; }

    /// <summary>When that was checked last; null where it was not.</summary>
    public DateTimeOffset? ConsistencyCheckedAt { get; init; }

    /// <summary>Objects of the database that miss their artifacts, or models their <c>MLmodel</c>; null where that was not checked.</summary>
    public long? MissingArtifacts { get; init; }

    /// <summary>The least of its snapshots' proofs; null where one has none.</summary>
    public VerificationLevel? Verified { get; init; }

    /// <summary>When the proof was given that is the oldest of these; null where one has none.</summary>
    public DateTimeOffset? VerifiedAt { get; init; }

    public string? Postgres { get; init; }

    public string? Artifacts { get; init; }

    public string? Config { get; init; }

    /// <param name="all">Where else it may have been checked: the same snapshots are the same in each.</param>
    public static ListedRecoveryPoint Of(OpenRepository repository, RecoveryPoint point, OpenRepositories all)
    {
        var consistency = all.ConsistencyOf(point);
        var proofs = point.Snapshots.Select(s => repository.Catalog.VerifiedBy(s.Id)).ToList();
        return new ListedRecoveryPoint
        {
            Id = point.Id,
            Repository = repository.Name,
            Plan = point.Plan,
            Time = point.Time,
            Complete = point.Complete,
            Consistent = consistency?.Consistency?.Consistent,
            ConsistencyCheckedAt = consistency?.Time,
            MissingArtifacts = consistency?.Consistency is { } proof ? proof.Missing + proof.WithoutMlModel : null,
            Verified = point.VerifiedIn(repository.Catalog),
            VerifiedAt = proofs.Contains(null) ? null : proofs.Min(p => p!.Time),
            Postgres = point.Postgres?.Id,
            Artifacts = point.Artifacts?.Id,
            Config = point.Config?.Id,
        };
    }
}
