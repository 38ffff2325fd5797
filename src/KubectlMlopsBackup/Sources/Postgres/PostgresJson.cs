using System.Text.Json.Serialization;

namespace KubectlMlopsBackup.Sources.Postgres;

[JsonSourceGenerationOptions(
    WriteIndented = true,
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase,
    IgnoreReadOnlyProperties = true,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(PostgresFacts))]
[JsonSerializable(typeof(PostgresRestoreReport))]
internal sealed partial class PostgresJson : JsonSerializerContext;
