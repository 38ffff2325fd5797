using KubectlMlopsBackup.Repository.Snapshots;

namespace KubectlMlopsBackup.Repository.State;

/// <param name="Id">Its first digits.</param>
/// <param name="Time">The moment that a recovery goes back to.</param>
/// <param name="Complete">No component is missing, and none had to leave something out.</param>
/// <param name="Verified">The least of its snapshots' proofs; null where one has none.</param>
internal sealed record RecoveryPointState(string Id, DateTimeOffset Time, bool Complete, VerificationLevel? Verified)
{
    /// <summary>Whether all that its database refers to is among its artifacts; null where nobody has looked.</summary>
    public bool? Consistent { get; init; }

    /// <summary>Models and runs of its database that have no artifacts among its own; null where nobody has looked.</summary>
    public long? Missing { get; init; }
}
