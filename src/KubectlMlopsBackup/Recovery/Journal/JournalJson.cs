using System.Text.Json.Serialization;

namespace KubectlMlopsBackup.Recovery.Journal;

[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
    UseStringEnumConverter = true,
    WriteIndented = true,
    // Anybody who may write ConfigMaps may have written it.
    RespectNullableAnnotations = true,
    RespectRequiredConstructorParameters = true)]
[JsonSerializable(typeof(RecoveryJournal))]
internal sealed partial class JournalJson : JsonSerializerContext;
