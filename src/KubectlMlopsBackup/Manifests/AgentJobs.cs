using KubectlMlopsBackup.Configuration;
using KubectlMlopsBackup.Repository.Snapshots;

namespace KubectlMlopsBackup.Manifests;

/// <summary>Which Jobs a plan needs.</summary>
internal static class AgentJobs
{
    public const string BackupAccount = "backup-sa";
    public const string RestoreAccount = "restore-sa";
    public const string PruneAccount = "prune-sa";
    public const string ConfigAccount = "config-sa";
    public const string DrillAccount = "drill-sa";

    public const string RepositoryInit = "repository-init";
    public const string PostgresBackup = "postgres-backup";
    public const string ArtifactsBackup = "mlflow-artifacts-backup";
    public const string ConfigBackup = "config-backup";
    public const string Verify = "backup-verify";
    public const string PlatformCheck = "platform-check";
    public const string Prune = "backup-prune";
    public const string Drill = "drill";
    public const string Comparison = "restore-dry-run";

    /// <summary>The variable with the uid of the pod's Job: the template of a CronJob does not know it.</summary>
    public const string RunVariable = "MLOPSBACKUP_SHARE_RUN";

    /// <summary>A suspended CronJob needs one all the same.</summary>
    private const string NoSchedule = "0 0 1 1 *";

    /// <summary>The CronJobs that back up, postgres first: the artifacts snapshot of a recovery point is the later one.</summary>
    /// <param name="only">Null for all.</param>
    /// <exception cref="UserError">The plan has no such component.</exception>
    public static IReadOnlyList<string> Backups(PlanSpec spec, Component? only)
    {
        if ((only == Component.Postgres && spec.Postgres is null)
            || (only == Component.Artifacts && spec.Artifacts is null)
            || (only == Component.Config && spec.Config is null))
        {
            var name = only.ToString()!.ToLowerInvariant();
            throw new UserError($"the plan has no component {name}", $"add spec.{name} to the plan and install it again", ExitCode.Usage);
        }

        return
        [
            .. spec.Postgres is not null && only is null or Component.Postgres ? [PostgresBackup] : Array.Empty<string>(),
            .. spec.Artifacts is not null && only is null or Component.Artifacts ? [ArtifactsBackup] : Array.Empty<string>(),
            .. spec.Config is not null && only is null or Component.Config ? [ConfigBackup] : Array.Empty<string>(),
        ];
    }

    public static IEnumerable<AgentJob> Of(PlanSpec spec)
    {
        var deadline = spec.Kubernetes!.ActiveDeadline;
        // With a schedule of its own, prune has an account of its own, and backups need no right to delete.
        string[] prune = spec.Kubernetes.PruneSchedule is null ? ["--prune"] : [];
        yield return new AgentJob
        {
            Name = RepositoryInit,
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
                Name = PostgresBackup,
                Notifies = true,
                ServiceAccount = BackupAccount,
                Schedule = postgres.Schedule ?? PlanDefaults.PostgresSchedule,
                Arguments = Arguments(["backup", "postgres", .. prune]),
                ActiveDeadline = deadline.Postgres,
                ReadsPostgres = true,
            };
        }

        if (spec.Artifacts is { } artifacts)
        {
            yield return new AgentJob
            {
                Name = ArtifactsBackup,
                Notifies = true,
                ServiceAccount = BackupAccount,
                Schedule = artifacts.Schedule ?? PlanDefaults.ArtifactsSchedule,
                // The kubelet fills in each pod's own values.
                Arguments = artifacts.Parallelism == 1
                    ? Arguments(["backup", "artifacts", .. prune])
                    : Arguments(["backup", "artifacts", .. prune, "--share", $"$(JOB_COMPLETION_INDEX)/{artifacts.Parallelism}", "--share-run", $"$({RunVariable})"]),
                Pods = artifacts.Parallelism,
                ActiveDeadline = deadline.Artifacts,
                ReadsArtifacts = true,
            };
        }

        if (spec.Config is { } config)
        {
            yield return new AgentJob
            {
                Name = ConfigBackup,
                ServiceAccount = ConfigAccount,
                Schedule = config.Schedule ?? NoSchedule,
                Suspend = config.Schedule is null,
                Arguments = Arguments(["backup", "config", .. prune]),
                ActiveDeadline = "1h",
                ReadsCluster = true,
            };
        }

        yield return new AgentJob
        {
            Name = Verify,
            Notifies = true,
            ServiceAccount = BackupAccount,
            Schedule = spec.Kubernetes.VerifySchedule,
            Arguments = Arguments("verify", "data"),
            ActiveDeadline = deadline.Verify,
        };
        if (spec.Kubernetes.PruneSchedule is { } schedule)
        {
            yield return new AgentJob
            {
                Name = Prune,
                Notifies = true,
                ServiceAccount = PruneAccount,
                Schedule = schedule,
                Arguments = Arguments("prune"),
                ActiveDeadline = deadline.Verify,
            };
        }

        if (spec.Recovery.Drill.Schedule is { } drill)
        {
            yield return new AgentJob
            {
                Name = Drill,
                Notifies = true,
                ServiceAccount = DrillAccount,
                Schedule = drill,
                Arguments = Arguments("drill"),
                // One that misses the RTO is to say by how much, and to clean up.
                ActiveDeadline = $"{Math.Ceiling(spec.Recovery.RtoDuration().TotalHours * 2) + 1:0}h",
                ReadsCluster = true,
                // It deletes at its end what it has put beside them.
                ReadsArtifacts = spec.Recovery.Drill.Artifacts is not null,
                // What failed is to be looked at, and was reported.
                Retries = 0,
            };
        }
    }

    /// <param name="arguments">The verb and all that belongs to it.</param>
    public static AgentJob Restore(PlanSpec spec, IEnumerable<string> arguments) => new()
    {
        Name = "restore",
        Notifies = true,
        ServiceAccount = RestoreAccount,
        Schedule = NoSchedule,
        Suspend = true,
        Arguments = Arguments([.. arguments]),
        // As long as the longest backup may take: it is the same data.
        ActiveDeadline = spec.Kubernetes!.ActiveDeadline.Artifacts,
        ReadsPostgres = spec.Postgres is not null,
        ReadsArtifacts = spec.Artifacts is not null,
        WritesArtifacts = true,
        // Somebody is waiting for it, and decides.
        Retries = 0,
    };

    /// <summary>Checks of the platform, from within its namespace.</summary>
    /// <param name="arguments">The verb and all that belongs to it.</param>
    public static AgentJob CheckPlatform(PlanSpec spec, IEnumerable<string> arguments) => new()
    {
        Name = PlatformCheck,
        ServiceAccount = RestoreAccount,
        Schedule = NoSchedule,
        Suspend = true,
        Arguments = Arguments([.. arguments]),
        ActiveDeadline = spec.Kubernetes!.ActiveDeadline.Verify,
        ReadsPostgres = spec.Postgres is not null,
        ReadsArtifacts = spec.Artifacts is not null,
        ChecksPlatform = true,
        Retries = 0,
    };

    /// <summary>A restore's <c>--dry-run</c>, beside the platform that runs: it takes the artifacts' volume as a backup does, on the node that has it.</summary>
    public static AgentJob Compare(PlanSpec spec, IEnumerable<string> arguments) =>
        Restore(spec, arguments) with { Name = Comparison, WritesArtifacts = false };

    /// <summary>Drops databases that restores have kept: with a restore's rights, and nothing but the database in reach.</summary>
    /// <param name="arguments">The verb and all that belongs to it.</param>
    public static AgentJob DropPrevious(PlanSpec spec, IEnumerable<string> arguments) =>
        Repositories(spec, "drop-previous", RestoreAccount, arguments) with { ReadsPostgres = true };

    /// <summary>Work on the repositories alone.</summary>
    /// <param name="name">Of the Job.</param>
    /// <param name="account">Whose rights at the S3 store it needs.</param>
    public static AgentJob Repositories(PlanSpec spec, string name, string account, params IEnumerable<string> arguments) => new()
    {
        Name = name,
        ServiceAccount = account,
        Schedule = NoSchedule,
        Suspend = true,
        Arguments = Arguments([.. arguments]),
        ActiveDeadline = spec.Kubernetes!.ActiveDeadline.Verify,
        Retries = 0,
    };

    /// <summary>Looks at all that the other Jobs use, with the account that backs up; it writes nothing but a probe.</summary>
    public static AgentJob Probe(PlanSpec spec) => Repositories(spec, "doctor", BackupAccount, "doctor", "--exit-zero") with
    {
        ActiveDeadline = "5m",
        ReadsPostgres = spec.Postgres is not null,
        ReadsArtifacts = spec.Artifacts is not null,
    };

    /// <summary>One that looks at the live database and the live artifacts, too, and changes neither.</summary>
    public static AgentJob ReadingAll(AgentJob job) => job with { ReadsPostgres = true, ReadsArtifacts = true };

    /// <summary>A pod for commands that are run in it.</summary>
    /// <param name="time">The longest that it stays.</param>
    public static AgentJob Hold(PlanSpec spec, string name, string account, string time) =>
        Repositories(spec, name, account) with { Arguments = ["hold", time], ActiveDeadline = time };

    private static string[] Arguments(params ReadOnlySpan<string> verb) =>
        [.. verb, "--local", "--plan", AgentPaths.Plan, "-o", "events"];
}
