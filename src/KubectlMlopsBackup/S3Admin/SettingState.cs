using System.Text.Json.Serialization;

namespace KubectlMlopsBackup.S3Admin;

/// <summary>How a setting of a bucket is, or what became of it.</summary>
internal enum SettingState
{
    /// <summary>As wanted.</summary>
    [JsonStringEnumMemberName("ok")]
    Ok,

    /// <summary>It is another; nothing was written.</summary>
    [JsonStringEnumMemberName("differs")]
    Differs,

    /// <summary>It was another, and is as wanted now.</summary>
    [JsonStringEnumMemberName("changed")]
    Changed,

    /// <summary>Deliberately left alone; the note says why.</summary>
    [JsonStringEnumMemberName("left")]
    Left,

    /// <summary>The store has no such thing.</summary>
    [JsonStringEnumMemberName("unsupported")]
    Unsupported,

    /// <summary>Something of others is in the way, which is not this tool's to change.</summary>
    [JsonStringEnumMemberName("refused")]
    Refused,

    /// <summary>It could not be read or written.</summary>
    [JsonStringEnumMemberName("failed")]
    Failed,
}
