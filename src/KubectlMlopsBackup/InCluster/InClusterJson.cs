using System.Text.Json.Serialization;

namespace KubectlMlopsBackup.InCluster;

[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
    UseStringEnumConverter = true)]
[JsonSerializable(typeof(RestoredPlatform))]
internal sealed partial class InClusterJson : JsonSerializerContext;
