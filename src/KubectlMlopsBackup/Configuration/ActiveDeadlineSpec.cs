namespace KubectlMlopsBackup.Configuration;

/// <summary>How long a Job may run before it is ended.</summary>
internal sealed class ActiveDeadlineSpec
{
    public string Postgres { get; set; } = PlanDefaults.ActiveDeadline;

    public string Artifacts { get; set; } = PlanDefaults.ActiveDeadline;

    public string Verify { get; set; } = PlanDefaults.ActiveDeadline;
}
