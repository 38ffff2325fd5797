using System.Text.Json.Serialization;

namespace KubectlMlopsBackup.Diagnostics;

/// <summary>Worst first: the order in which findings are told.</summary>
internal enum FindingVerdict
{
    /// <summary>A backup or a restore will not work, or has not.</summary>
    [JsonStringEnumMemberName("problem")]
    Problem,

    /// <summary>It will become a problem if nobody looks after it.</summary>
    [JsonStringEnumMemberName("warning")]
    Warning,

    /// <summary>It could not be looked at.</summary>
    [JsonStringEnumMemberName("skipped")]
    Skipped,

    [JsonStringEnumMemberName("ok")]
    Ok,
}
