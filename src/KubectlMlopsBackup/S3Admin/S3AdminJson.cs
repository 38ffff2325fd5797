using System.Text.Json.Serialization;

namespace KubectlMlopsBackup.S3Admin;

[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
    UseStringEnumConverter = true)]
[JsonSerializable(typeof(IReadOnlyList<S3SetupReport>))]
[JsonSerializable(typeof(IReadOnlyList<S3CheckReport>))]
[JsonSerializable(typeof(IReadOnlyList<Roles.RoleReport>))]
[JsonSerializable(typeof(System.Text.Json.Nodes.JsonObject))]
internal sealed partial class S3AdminJson : JsonSerializerContext;
