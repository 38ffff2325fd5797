using System.Text.Json.Serialization;

namespace KubectlMlopsBackup.Recovery.Reports;

[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
    UseStringEnumConverter = true,
    // A report comes from a repository, which anybody may have written to.
    RespectNullableAnnotations = true,
    RespectRequiredConstructorParameters = true)]
[JsonSerializable(typeof(RecoveryReport))]
[JsonSerializable(typeof(SavedReport))]
[JsonSerializable(typeof(DrillOutcome))]
[JsonSerializable(typeof(IReadOnlyList<ListedReport>))]
internal sealed partial class ReportJson : JsonSerializerContext;
