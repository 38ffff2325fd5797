using KubectlMlopsBackup.Configuration;

namespace KubectlMlopsBackup.InCluster.Discovery;

/// <summary>What the user said beside what was found.</summary>
/// <param name="Repositories">Buckets; empty for a volume of the cluster alone.</param>
/// <param name="Encryption">A key of KMS, or none; where it says neither, a passphrase in the Secret that is looked for.</param>
internal sealed record ClusterPlanOptions(string Name, string Namespace, IReadOnlyList<RepositorySpec> Repositories, EncryptionSpec Encryption, string Version);
