using System.Text.Json.Serialization;

namespace KubectlMlopsBackup.InCluster.Installing;

[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(IReadOnlyList<ObjectChange>))]
internal sealed partial class InstallJson : JsonSerializerContext;
