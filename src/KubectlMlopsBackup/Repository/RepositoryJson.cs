using System.Text.Json.Serialization;
using KubectlMlopsBackup.Repository.Crypto;

namespace KubectlMlopsBackup.Repository;

[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
    UseStringEnumConverter = true,
    // A hostile object may leave out what the code relies on.
    RespectNullableAnnotations = true,
    RespectRequiredConstructorParameters = true)]
[JsonSerializable(typeof(RepositoryConfig))]
[JsonSerializable(typeof(KeyFile))]
[JsonSerializable(typeof(Snapshots.Snapshot))]
[JsonSerializable(typeof(Snapshots.Receipt))]
[JsonSerializable(typeof(Snapshots.Verification))]
[JsonSerializable(typeof(Reports.ReportHead))]
[JsonSerializable(typeof(EscrowProof))]
[JsonSerializable(typeof(Retention.Mark))]
[JsonSerializable(typeof(Retention.Lease))]
[JsonSerializable(typeof(Shares.SharePlan))]
[JsonSerializable(typeof(Shares.StoredShare))]
[JsonSerializable(typeof(Shares.ShareCommitter))]
internal sealed partial class RepositoryJson : JsonSerializerContext;
