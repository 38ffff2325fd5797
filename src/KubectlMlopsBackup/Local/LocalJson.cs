using System.Text.Json.Serialization;

namespace KubectlMlopsBackup.Local;

[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
    UseStringEnumConverter = true)]
[JsonSerializable(typeof(System.Text.Json.JsonElement))]
[JsonSerializable(typeof(IReadOnlyList<string>))]
[JsonSerializable(typeof(PostgresSummary))]
[JsonSerializable(typeof(BackupOutcome))]
[JsonSerializable(typeof(RestoreOutcome))]
[JsonSerializable(typeof(IReadOnlyList<ListedSnapshot>))]
[JsonSerializable(typeof(IReadOnlyList<ListedRecoveryPoint>))]
[JsonSerializable(typeof(DescribedSnapshot))]
[JsonSerializable(typeof(DescribedRecoveryPoint))]
[JsonSerializable(typeof(ConsistencyReport))]
[JsonSerializable(typeof(IReadOnlyList<Repository.Verifying.VerifyReport>))]
[JsonSerializable(typeof(IReadOnlyList<PruneOutcome>))]
[JsonSerializable(typeof(IReadOnlyList<Repository.Mirroring.MirrorReport>))]
[JsonSerializable(typeof(IReadOnlyList<ListedKey>))]
[JsonSerializable(typeof(IReadOnlyList<KeyChange>))]
[JsonSerializable(typeof(IReadOnlyList<Import.ImportedFile>))]
[JsonSerializable(typeof(Repository.State.RepositoryState))]
internal sealed partial class LocalJson : JsonSerializerContext;
