using System.Text.Json.Serialization;

namespace KubectlMlopsBackup.Repository.Snapshots;

internal enum Verdict
{
    [JsonStringEnumMemberName("complete")]
    Complete,

    /// <summary>Something was left out; the snapshot's problems name it.</summary>
    [JsonStringEnumMemberName("incomplete")]
    Incomplete,
}
