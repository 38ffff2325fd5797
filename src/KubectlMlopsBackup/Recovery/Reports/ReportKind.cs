using System.Text.Json.Serialization;

namespace KubectlMlopsBackup.Recovery.Reports;

/// <summary>What a report is about.</summary>
internal enum ReportKind
{
    /// <summary>A recovery into a scratch namespace.</summary>
    [JsonStringEnumMemberName("drill")]
    Drill,

    /// <summary>A whole platform, for real.</summary>
    [JsonStringEnumMemberName("recovery")]
    Recovery,

    /// <summary>Data alone, into a platform or a namespace that is there.</summary>
    [JsonStringEnumMemberName("restore")]
    Restore,
}
