using System.Text.Json.Serialization;

namespace KubectlMlopsBackup.Recovery.Reports;

/// <summary>Something that was counted in the snapshot, and counted again after the recovery.</summary>
/// <param name="Name">Such as <c>rows</c>, <c>tables</c> or <c>artifact files</c>.</param>
/// <param name="Expected">What the snapshot says.</param>
/// <param name="Actual">What was found afterwards.</param>
/// <param name="Bytes">True where both are bytes.</param>
internal sealed record ReportCount(string Name, long Expected, long Actual, bool Bytes = false)
{
    [JsonIgnore]
    public bool IsEqual => Expected == Actual;
}
