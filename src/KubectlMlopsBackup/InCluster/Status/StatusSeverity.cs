using System.Text.Json.Serialization;

namespace KubectlMlopsBackup.InCluster.Status;

internal enum StatusSeverity
{
    /// <summary>Not safe.</summary>
    [JsonStringEnumMemberName("error")]
    Error,

    /// <summary>It will become an error if nobody looks after it.</summary>
    [JsonStringEnumMemberName("warning")]
    Warning,
}
