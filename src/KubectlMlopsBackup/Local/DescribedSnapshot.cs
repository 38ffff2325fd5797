using KubectlMlopsBackup.Repository.Snapshots;

namespace KubectlMlopsBackup.Local;

/// <summary>A snapshot, whole.</summary>
/// <param name="Id">64 hex digits.</param>
/// <param name="Repository">Where, by its name in the plan.</param>
/// <param name="RecoveryPoints">Ids of the recovery points it belongs to.</param>
/// <param name="Verified">The deepest proof; null where there is none.</param>
/// <param name="VerifiedAt">When.</param>
/// <param name="Snapshot">All it says of itself.</param>
internal sealed record DescribedSnapshot(
    string Id,
    string Repository,
    IReadOnlyList<string> RecoveryPoints,
    VerificationLevel? Verified,
    DateTimeOffset? VerifiedAt,
    Snapshot Snapshot)
{
    public static DescribedSnapshot Of(OpenRepository repository, Snapshot snapshot)
    {
        var proof = repository.Catalog.VerifiedBy(snapshot.Id);
        return new DescribedSnapshot(
            snapshot.Id,
            repository.Name,
            [.. repository.RecoveryPoints.Where(p => p.Snapshots.Contains(snapshot)).Select(p => p.Id)],
            proof?.Level,
            proof?.Time,
            snapshot);
    }
}
