using System.Text.Json.Serialization;

namespace KubectlMlopsBackup.Recovery.Steps;

/// <summary>How far a step of a recovery is.</summary>
internal enum StepState
{
    [JsonStringEnumMemberName("pending")]
    Pending,

    /// <summary>Begun; whether its work was done before whoever did it went away is not known: it is done again, which must be harmless.</summary>
    [JsonStringEnumMemberName("running")]
    Running,

    [JsonStringEnumMemberName("done")]
    Done,

    /// <summary>Done, but something was left out, and named.</summary>
    [JsonStringEnumMemberName("incomplete")]
    Incomplete,

    /// <summary>There was nothing to do.</summary>
    [JsonStringEnumMemberName("skipped")]
    Skipped,

    [JsonStringEnumMemberName("failed")]
    Failed,
}
