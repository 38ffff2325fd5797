using System.Text.Json.Serialization;
using KubectlMlopsBackup.Sources.ClusterConfig.Diff;
using KubectlMlopsBackup.Sources.ClusterConfig.Restore;

namespace KubectlMlopsBackup.Sources.ClusterConfig;

[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
    UseStringEnumConverter = true)]
[JsonSerializable(typeof(ConfigSummary))]
[JsonSerializable(typeof(ConfigRestoreReport))]
[JsonSerializable(typeof(IReadOnlyList<ObjectDifference>))]
internal sealed partial class ConfigJson : JsonSerializerContext;
