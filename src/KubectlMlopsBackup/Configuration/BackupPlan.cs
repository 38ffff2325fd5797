namespace KubectlMlopsBackup.Configuration;

/// <summary>
/// The plan: what is backed up, when, to where, how long it is kept and how fast it must come back.
/// An instance from <see cref="PlanLoader"/> is complete: defaults are filled in, paths are absolute, and it is valid.
/// Required text that was left out is "" until <see cref="PlanValidator"/> refuses it; durations are kept as written.
/// </summary>
internal sealed class BackupPlan
{
    public const string ExpectedApiVersion = "mlopsbackup.io/v1";
    public const string ExpectedKind = "BackupPlan";

    public string ApiVersion { get; set; } = "";

    public string Kind { get; set; } = "";

    public PlanMetadata Metadata { get; set; } = new();

    public PlanSpec Spec { get; set; } = new();
}
