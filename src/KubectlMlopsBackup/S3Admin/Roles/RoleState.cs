using System.Text.Json.Serialization;

namespace KubectlMlopsBackup.S3Admin.Roles;

/// <summary>How a role is, or what became of it.</summary>
internal enum RoleState
{
    /// <summary>It was as it should be.</summary>
    [JsonStringEnumMemberName("ok")]
    Ok,

    /// <summary>It would be made, or changed.</summary>
    [JsonStringEnumMemberName("differs")]
    Differs,

    [JsonStringEnumMemberName("changed")]
    Changed,

    [JsonStringEnumMemberName("created")]
    Created,
}
