using KubectlMlopsBackup.Repository;
using KubectlMlopsBackup.Repository.Snapshots;

namespace KubectlMlopsBackup.Sources.Artifacts.Backup;

/// <param name="Snapshot">What was committed.</param>
/// <param name="Damage">Damage to the repository that was seen on the way; the snapshot itself is good.</param>
internal sealed record BackupResult(Snapshot Snapshot, IReadOnlyList<RepositoryDamagedException> Damage);
