using KubectlMlopsBackup.Repository.Verifying;

namespace KubectlMlopsBackup.Repository.Mirroring;

/// <summary>What a mirror did. Sizes are bytes.</summary>
internal sealed record MirrorReport
{
    public required string From { get; init; }

    public required string To { get; init; }

    /// <summary>Ids of the snapshots that were copied, oldest first.</summary>
    public required IReadOnlyList<string> Copied { get; init; }

    /// <summary>Reports of drills and recoveries that were copied.</summary>
    public int Reports { get; init; }

    /// <summary>Snapshots that were there already.</summary>
    public required int Present { get; init; }

    public required long ChunksCopied { get; init; }

    public required long BytesStored { get; init; }

    /// <summary>Why snapshots of the source could not be copied.</summary>
    public IReadOnlyList<Damage> Damages { get; init; } = [];

    public required double Seconds { get; init; }
}
