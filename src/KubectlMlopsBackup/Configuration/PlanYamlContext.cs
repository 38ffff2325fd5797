using YamlDotNet.Serialization;

namespace KubectlMlopsBackup.Configuration;

[YamlStaticContext]
[YamlSerializable(typeof(BackupPlan))]
[YamlSerializable(typeof(PlanMetadata))]
[YamlSerializable(typeof(PlanSpec))]
[YamlSerializable(typeof(PostgresSpec))]
[YamlSerializable(typeof(ArtifactsSpec))]
[YamlSerializable(typeof(S3Spec))]
[YamlSerializable(typeof(RepositoryS3Spec))]
[YamlSerializable(typeof(S3CredentialsSpec))]
[YamlSerializable(typeof(RepositorySpec))]
[YamlSerializable(typeof(RetentionSpec))]
[YamlSerializable(typeof(EncryptionSpec))]
[YamlSerializable(typeof(RecoverySpec))]
public sealed partial class PlanYamlContext : StaticContext;
