using System.Text.Json.Serialization;

namespace KubectlMlopsBackup.Sources.ClusterConfig.Restore;

/// <summary>What became of an object.</summary>
internal enum RestoreAction
{
    [JsonStringEnumMemberName("created")]
    Created,

    [JsonStringEnumMemberName("updated")]
    Updated,

    [JsonStringEnumMemberName("replaced")]
    Replaced,

    /// <summary>It was there, and the same.</summary>
    [JsonStringEnumMemberName("unchanged")]
    Unchanged,

    /// <summary>It was there, differs, and stays.</summary>
    [JsonStringEnumMemberName("kept")]
    Kept,

    /// <summary>Left out on purpose; the reason says why.</summary>
    [JsonStringEnumMemberName("skipped")]
    Skipped,

    /// <summary>It could not be applied; the reason says why.</summary>
    [JsonStringEnumMemberName("failed")]
    Failed,
}
