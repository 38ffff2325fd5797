namespace KubectlMlopsBackup.Configuration;

internal sealed class RecoverySpec
{
    public string Rpo { get; set; } = PlanDefaults.Rpo;

    public string Rto { get; set; } = PlanDefaults.Rto;

    /// <summary>How a platform that was recovered is checked; null for the default ones.</summary>
    public List<CheckSpec>? Checks { get; set; }

    /// <summary>A command of the machine that recovers, and its arguments: it makes the cluster. Empty: there is one.</summary>
    public List<string> Infrastructure { get; set; } = [];

    /// <summary>Commands of the machine that recovers, between the steps.</summary>
    public List<RecoveryHookSpec> Hooks { get; set; } = [];

    /// <summary>For each workload to become ready after it was started.</summary>
    public string WorkloadTimeout { get; set; } = PlanDefaults.WorkloadTimeout;

    public DrillSpec Drill { get; set; } = new();

    public TimeSpan RpoDuration() => PlanDuration.Parse(Rpo);

    public TimeSpan RtoDuration() => PlanDuration.Parse(Rto);

    public TimeSpan WorkloadDuration() => PlanDuration.Parse(WorkloadTimeout);
}
