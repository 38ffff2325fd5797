using KubectlMlopsBackup.Repository.Snapshots;

namespace KubectlMlopsBackup.Local;

/// <summary>A recovery point, whole.</summary>
/// <param name="RecoveryPoint">What <c>list</c> says of it.</param>
/// <param name="Consistency">What came of holding its database against its artifacts, the last time; null where nobody did.</param>
/// <param name="Snapshots">That are restored together, each with its own proofs.</param>
internal sealed record DescribedRecoveryPoint(
    ListedRecoveryPoint RecoveryPoint, ConsistencyProof? Consistency, IReadOnlyList<ListedSnapshot> Snapshots)
{
    /// <param name="all">Where else it may have been checked.</param>
    public static DescribedRecoveryPoint Of(OpenRepository repository, RecoveryPoint point, OpenRepositories all) => new(
        ListedRecoveryPoint.Of(repository, point, all),
        all.ConsistencyOf(point)?.Consistency,
        [.. point.Snapshots.Select(s => ListedSnapshot.Of(repository, s))]);
}
