using System.Text.Json.Serialization;

namespace KubectlMlopsBackup.Recovery.Reports;

/// <summary>What it all comes to. Made by <see cref="ReportJudge"/>.</summary>
internal enum ReportVerdict
{
    /// <summary>Everything came back, every check passed, RPO and RTO were met.</summary>
    [JsonStringEnumMemberName("passed")]
    Passed,

    /// <summary>The platform is back, but something was left out, differs, or was not checked.</summary>
    [JsonStringEnumMemberName("incomplete")]
    Incomplete,

    /// <summary>The platform is back, but too late, or too much is lost.</summary>
    [JsonStringEnumMemberName("missed")]
    Missed,

    /// <summary>A step or a check failed.</summary>
    [JsonStringEnumMemberName("failed")]
    Failed,

    /// <summary>Somebody stopped it.</summary>
    [JsonStringEnumMemberName("cancelled")]
    Cancelled,
}
