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
[YamlSerializable(typeof(SecretKeySpec))]
[YamlSerializable(typeof(S3SecretSpec))]
[YamlSerializable(typeof(ArtifactsVolumeSpec))]
[YamlSerializable(typeof(RepositoryVolumeSpec))]
[YamlSerializable(typeof(KubernetesSpec))]
[YamlSerializable(typeof(ServiceAccountAnnotationsSpec))]
[YamlSerializable(typeof(TolerationSpec))]
[YamlSerializable(typeof(ResourcesSpec))]
[YamlSerializable(typeof(QuantitiesSpec))]
[YamlSerializable(typeof(PodSecuritySpec))]
[YamlSerializable(typeof(ActiveDeadlineSpec))]
public sealed partial class PlanYamlContext : StaticContext;
