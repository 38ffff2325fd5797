using KubectlMlopsBackup.Repository.Snapshots;

namespace KubectlMlopsBackup.Sources.ClusterConfig;

/// <summary>What was read of a cluster.</summary>
/// <param name="Objects">Cleaned, in the order of their paths.</param>
/// <param name="Problems">What could not be read: each makes the backup incomplete.</param>
internal sealed record CollectedConfig(IReadOnlyList<ConfigObject> Objects, ConfigSummary Summary, IReadOnlyList<Problem> Problems);
