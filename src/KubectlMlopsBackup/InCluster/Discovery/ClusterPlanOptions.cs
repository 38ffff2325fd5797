using KubectlMlopsBackup.Configuration;

namespace KubectlMlopsBackup.InCluster.Discovery;

/// <summary>What the user said beside what was found.</summary>
/// <param name="Repositories">Buckets; empty for a volume of the cluster alone.</param>
internal sealed record ClusterPlanOptions(string Name, string Namespace, IReadOnlyList<RepositorySpec> Repositories, bool Encrypted, string Version);
