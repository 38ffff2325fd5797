namespace KubectlMlopsBackup.Repository.Retention;

/// <summary>What a prune did, or with a dry run would do. Sizes are bytes.</summary>
internal sealed record PruneReport
{
    public required string Repository { get; init; }

    public required bool DryRun { get; init; }

    public required IReadOnlyList<RetentionDecision> Decisions { get; init; }

    /// <summary>Packs that nothing needs any more; they go after the grace period.</summary>
    public required int PacksMarked { get; init; }

    public required long BytesMarked { get; init; }

    public required int PacksDeleted { get; init; }

    public required long BytesDeleted { get; init; }

    public required int PacksRewritten { get; init; }

    /// <summary>Reports that are let go.</summary>
    public int Reports { get; init; }

    /// <summary>Objects that the store would not let go (Object Lock).</summary>
    public required int Retained { get; init; }

    /// <summary>Bytes of all packs, before.</summary>
    public required long BytesBefore { get; init; }
}
