using KubectlMlopsBackup.Repository.Shares;
using KubectlMlopsBackup.Repository.Snapshots;

namespace KubectlMlopsBackup.Sources.Artifacts.Backup;

/// <param name="Share">This process's; null where it found the run committed.</param>
/// <param name="Snapshot">The run's; null while shares are missing, or where another share makes it.</param>
/// <param name="Commits">Whether this share makes the snapshot, and what comes after it.</param>
/// <param name="Missing">Nobody makes the snapshot yet: other shares are at work.</param>
/// <param name="Damage">Damage to the repository that was seen, by all shares where this one commits.</param>
internal sealed record ShareOutcome(
    StoredShare? Share, Snapshot? Snapshot, bool Commits, bool Missing, IReadOnlyList<string> Damage);
