using System.Text.Json.Serialization;

namespace KubectlMlopsBackup.Recovery.Reports;

/// <summary>How a step of a recovery ended.</summary>
internal enum StepOutcome
{
    [JsonStringEnumMemberName("done")]
    Done,

    /// <summary>Something was left out, and named.</summary>
    [JsonStringEnumMemberName("incomplete")]
    Incomplete,

    [JsonStringEnumMemberName("failed")]
    Failed,

    /// <summary>There was nothing to do: it does not belong to this platform, or an earlier run had done it.</summary>
    [JsonStringEnumMemberName("skipped")]
    Skipped,

    /// <summary>Something before it failed, or it was stopped.</summary>
    [JsonStringEnumMemberName("notRun")]
    NotRun,
}
