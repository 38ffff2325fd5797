using KubectlMlopsBackup.Configuration;
using KubectlMlopsBackup.Repository;
using KubectlMlopsBackup.Repository.Snapshots;

namespace KubectlMlopsBackup.Local;

/// <param name="Spec">What the plan says of it.</param>
/// <param name="Repository">Open.</param>
/// <param name="Catalog">As it was when it was opened.</param>
internal sealed record OpenRepository(RepositorySpec Spec, BackupRepository Repository, SnapshotCatalog Catalog)
{
    public string Name => Spec.Name;

    public IReadOnlyList<RecoveryPoint> RecoveryPoints { get; } = RecoveryPoint.In(Catalog.Snapshots);
}
