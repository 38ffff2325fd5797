using KubectlMlopsBackup.Repository.Snapshots;
using KubectlMlopsBackup.Repository.State;

namespace KubectlMlopsBackup.Repository.Verifying;

/// <summary>What a verify found. Sizes are bytes.</summary>
internal sealed record VerifyReport
{
    public required string Repository { get; init; }

    public required VerificationLevel Level { get; init; }

    public required IReadOnlyList<Damage> Damages { get; init; }

    /// <summary>What is no damage: the next run mends it.</summary>
    public IReadOnlyList<Damage> Notes { get; init; } = [];

    /// <summary>Ids of snapshots that cannot be restored whole.</summary>
    public required IReadOnlyList<string> HurtSnapshots { get; init; }

    /// <summary>Ids of recovery points that have one of these.</summary>
    public required IReadOnlyList<string> HurtRecoveryPoints { get; init; }

    public required int Snapshots { get; init; }

    public required int RecoveryPoints { get; init; }

    public required int Packs { get; init; }

    public required int PacksRead { get; init; }

    public required long BytesRead { get; init; }

    public required long Chunks { get; init; }

    /// <summary>Packs that no index names: of a run that was cut off, or of one at work.</summary>
    public required int OrphanPacks { get; init; }

    /// <summary>Reports of drills, recoveries and restores.</summary>
    public int Reports { get; init; }

    public required double Seconds { get; init; }

    /// <summary>What the repository holds after it; null where nobody asked.</summary>
    public RepositoryState? State { get; init; }

    public bool Good => Damages.Count == 0;
}
