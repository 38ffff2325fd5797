using System.Text.Json.Serialization;

namespace KubectlMlopsBackup.Recovery;

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(RecoverEstimate))]
internal sealed partial class RecoverJson : JsonSerializerContext;
