using System.Text.Json.Serialization;

namespace KubectlMlopsBackup.Recovery.Reports;

/// <summary>A time against its target in the plan.</summary>
internal sealed record Measure(double Seconds, double TargetSeconds)
{
    [JsonIgnore]
    public bool IsMet => Seconds <= TargetSeconds;
}
