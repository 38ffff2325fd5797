using System.Text.Json.Serialization;

namespace KubectlMlopsBackup.Repository.Snapshots;

internal enum Component
{
    [JsonStringEnumMemberName("postgres")]
    Postgres,

    [JsonStringEnumMemberName("artifacts")]
    Artifacts,

    [JsonStringEnumMemberName("config")]
    Config,
}
