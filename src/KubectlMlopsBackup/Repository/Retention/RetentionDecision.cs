using KubectlMlopsBackup.Repository.Snapshots;

namespace KubectlMlopsBackup.Repository.Retention;

/// <param name="Snapshot">Which.</param>
/// <param name="Reasons">Why it is kept; empty: it goes.</param>
internal sealed record RetentionDecision(Snapshot Snapshot, IReadOnlyList<string> Reasons)
{
    public bool Keep => Reasons.Count > 0;
}
