using System.Text.Json.Serialization;

namespace KubectlMlopsBackup.Recovery.Checks;

/// <summary>How a check of a platform ended.</summary>
internal enum CheckOutcome
{
    [JsonStringEnumMemberName("passed")]
    Passed,

    /// <summary>The platform works, but somebody should look: the evidence says at what.</summary>
    [JsonStringEnumMemberName("warned")]
    Warned,

    [JsonStringEnumMemberName("failed")]
    Failed,

    /// <summary>It could not be run from here, or there was nothing to check: the evidence says why. It proves nothing.</summary>
    [JsonStringEnumMemberName("skipped")]
    Skipped,
}
