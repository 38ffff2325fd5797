using KubectlMlopsBackup.Repository.State;

namespace KubectlMlopsBackup.InCluster.Status;

/// <summary>What is known of a repository, as the last Job saw it. Sizes are bytes.</summary>
internal sealed record RepositoryStatus
{
    public required string Repository { get; init; }

    /// <summary>When it was looked at; null where nothing is known.</summary>
    public DateTimeOffset? AsOf { get; init; }

    /// <summary>Why the last look failed; null where it did not.</summary>
    public string? Error { get; init; }

    /// <summary>What a recovery would start from: the newest that is complete.</summary>
    public RecoveryPointState? RecoveryPoint { get; init; }

    public double? AgeSeconds { get; init; }

    /// <summary>The newest, where it is not complete (yet).</summary>
    public RecoveryPointState? NewestPoint { get; init; }

    public int? Snapshots { get; init; }

    public long? Bytes { get; init; }

    /// <summary>Of all snapshots' content, before deduplication and compression; null where an earlier version looked.</summary>
    public long? ContentBytes { get; init; }

    /// <summary>Null where nothing is known, or an earlier version looked.</summary>
    public bool? Encrypted { get; init; }

    /// <summary>When somebody last showed that a passphrase of it is kept elsewhere; null where nobody has, or nothing is known.</summary>
    public DateTimeOffset? EscrowedAt { get; init; }

    /// <summary>The key of AWS KMS that the plan opens it with; null where that is a passphrase, or it is not encrypted.</summary>
    public string? KmsKeyId { get; init; }

    /// <summary>When the certificate of its store ends; null where that has no meaning, or nothing is known.</summary>
    public DateTimeOffset? CertificateExpires { get; init; }

    /// <summary>Objects of snapshots and their proofs that could not be read.</summary>
    public int? Damaged { get; init; }

    public long? FreeBytes { get; init; }

    public long? TotalBytes { get; init; }

    /// <summary>What a night adds, at most, of late.</summary>
    public long? GrowthBytes { get; init; }

    /// <summary>Its PersistentVolumeClaim; null where it has none.</summary>
    public string? Claim { get; init; }
}
