using System.Text.Json.Serialization;

namespace KubectlMlopsBackup.Output;

[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(ProgressEvent))]
internal sealed partial class ProgressJsonContext : JsonSerializerContext;
