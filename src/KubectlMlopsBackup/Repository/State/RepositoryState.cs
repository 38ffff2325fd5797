namespace KubectlMlopsBackup.Repository.State;

/// <summary>
/// What a repository holds of one plan, in few bytes: it travels in a Job's termination message, where <c>status</c> reads it
/// without a passphrase and without a key to the store. Sizes are bytes.
/// </summary>
internal sealed record RepositoryState
{
    /// <summary>Its name in the plan.</summary>
    public required string Repository { get; init; }

    /// <summary>When it was looked at.</summary>
    public required DateTimeOffset Time { get; init; }

    /// <summary>Why nothing else is known; null where it could be read.</summary>
    public string? Error { get; init; }

    /// <summary>Of all its objects.</summary>
    public long Bytes { get; init; }

    /// <summary>Of all snapshots' content; null where it was not counted.</summary>
    public long? ContentBytes { get; init; }

    /// <summary>Of the volume; null where that has no meaning (S3).</summary>
    public long? FreeBytes { get; init; }

    /// <summary>Of the volume; null where that has no meaning (S3).</summary>
    public long? TotalBytes { get; init; }

    /// <summary>Objects of snapshots and their proofs that could not be read.</summary>
    public int Damaged { get; init; }

    /// <summary>Whether it is encrypted; null where an earlier version looked.</summary>
    public bool? Encrypted { get; init; }

    /// <summary>When somebody last showed that a passphrase of it is kept elsewhere (<c>key escrow</c>); null where nobody has, or an earlier version looked.</summary>
    public DateTimeOffset? EscrowedAt { get; init; }

    /// <summary>When the certificate of a store of one's own ends; null where that has no meaning, or it was not seen.</summary>
    public DateTimeOffset? CertificateExpires { get; init; }

    /// <summary>The newest; null where there is none.</summary>
    public RecoveryPointState? RecoveryPoint { get; init; }

    /// <summary>The newest that is complete; null where there is none, or it is <see cref="RecoveryPoint"/>.</summary>
    public RecoveryPointState? CompletePoint { get; init; }

    public IReadOnlyList<ComponentState> Components { get; init; } = [];

    /// <summary>The newest report of each kind.</summary>
    public IReadOnlyList<ReportState> Reports { get; init; } = [];

    /// <summary>What a recovery would start from.</summary>
    public RecoveryPointState? Usable() => RecoveryPoint is { Complete: true } ? RecoveryPoint : CompletePoint;
}
