namespace KubectlMlopsBackup.Configuration;

internal sealed class RecoverySpec
{
    public string Rpo { get; set; } = PlanDefaults.Rpo;

    public string Rto { get; set; } = PlanDefaults.Rto;

    /// <summary>How a platform that was recovered is checked; null for the default ones.</summary>
    public List<CheckSpec>? Checks { get; set; }

    public TimeSpan RpoDuration() => PlanDuration.Parse(Rpo);

    public TimeSpan RtoDuration() => PlanDuration.Parse(Rto);
}
