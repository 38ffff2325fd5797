using System.Text.Json.Serialization;
using KubectlMlopsBackup.Configuration;

namespace KubectlMlopsBackup.Manifests;

[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(BackupPlan))]
internal sealed partial class ManifestJson : JsonSerializerContext;
