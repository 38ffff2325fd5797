namespace KubectlMlopsBackup.Configuration;

internal sealed class RecoverySpec
{
    public string Rpo { get; set; } = PlanDefaults.Rpo;

    public string Rto { get; set; } = PlanDefaults.Rto;

    public TimeSpan RpoDuration() => PlanDuration.Parse(Rpo);

    public TimeSpan RtoDuration() => PlanDuration.Parse(Rto);
}
