using KubectlMlopsBackup.Repository.Snapshots;

namespace KubectlMlopsBackup.Local;

/// <summary>What a backup's own look at its recovery point came to.</summary>
/// <param name="RecoveryPoint">Its id.</param>
/// <param name="Proof">Null where it failed.</param>
/// <param name="Error">Why it failed; null where it did not.</param>
internal sealed record ConsistencyOutcome(string RecoveryPoint, ConsistencyProof? Proof, string? Error);
