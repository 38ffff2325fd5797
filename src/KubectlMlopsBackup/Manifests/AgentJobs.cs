using KubectlMlopsBackup.Configuration;

namespace KubectlMlopsBackup.Manifests;

/// <summary>Which Jobs a plan needs.</summary>
internal static class AgentJobs
{
    public const string BackupAccount = "backup-sa";
    public const string RestoreAccount = "restore-sa";
    public const string PruneAccount = "prune-sa";

    /// <summary>A suspended CronJob needs one all the same.</summary>
    private const string NoSchedule = "0 0 1 1 *";

    public static IEnumerable<AgentJob> Of(PlanSpec spec)
    {
        var deadline = spec.Kubernetes!.ActiveDeadline;
        yield return new AgentJob
        {
            Name = "repository-init",
            ServiceAccount = BackupAccount,
            Schedule = NoSchedule,
            Suspend = true,
            Arguments = Arguments("init", "--repositories"),
            ActiveDeadline = "10m",
        };
        if (spec.Postgres is { } postgres)
        {
            yield return new AgentJob
            {
                Name = "postgres-backup",
                ServiceAccount = BackupAccount,
                Schedule = postgres.Schedule ?? PlanDefaults.PostgresSchedule,
                Arguments = Arguments("backup", "postgres", "--prune"),
                ActiveDeadline = deadline.Postgres,
                ReadsPostgres = true,
            };
        }

        if (spec.Artifacts is { } artifacts)
        {
            yield return new AgentJob
            {
                Name = "mlflow-artifacts-backup",
                ServiceAccount = BackupAccount,
                Schedule = artifacts.Schedule ?? PlanDefaults.ArtifactsSchedule,
                Arguments = Arguments("backup", "artifacts", "--prune"),
                ActiveDeadline = deadline.Artifacts,
                ReadsArtifacts = true,
            };
        }

        yield return new AgentJob
        {
            Name = "backup-verify",
            ServiceAccount = BackupAccount,
            Schedule = spec.Kubernetes.VerifySchedule,
            Arguments = Arguments("verify", "data"),
            ActiveDeadline = deadline.Verify,
        };
    }

    private static string[] Arguments(params ReadOnlySpan<string> verb) =>
        [.. verb, "--local", "--plan", AgentPaths.Plan, "-o", "json"];
}
