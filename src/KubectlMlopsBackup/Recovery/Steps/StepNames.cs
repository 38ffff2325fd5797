namespace KubectlMlopsBackup.Recovery.Steps;

/// <summary>The steps of a recovery, in the order of the runbook.</summary>
internal static class StepNames
{
    public const string Infrastructure = "infrastructure";
    public const string Point = "recovery-point";
    public const string Namespace = "namespace";
    public const string Pause = "pause";
    public const string Configuration = "configuration";
    public const string Isolation = "isolation";
    public const string DatabaseUp = "database-up";
    public const string Database = "database";
    public const string Artifacts = "artifacts";
    public const string Mlflow = "mlflow";
    public const string Application = "application";
    public const string Monitoring = "monitoring";
    public const string Schedules = "schedules";
    public const string Checks = "checks";
    public const string Cleanup = "cleanup";
}
