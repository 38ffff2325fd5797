using System.Text.Json;
using KubectlMlopsBackup.Cluster.Models;
using KubectlMlopsBackup.InCluster;
using KubectlMlopsBackup.InCluster.Status;
using KubectlMlopsBackup.Local;
using KubectlMlopsBackup.Repository.Snapshots;
using KubectlMlopsBackup.Repository.State;
using KubectlMlopsBackup.UnitTests.Configuration;

namespace KubectlMlopsBackup.UnitTests.InCluster.Status;

/// <summary>A cluster on a Tuesday at noon, where all went well: tests then spoil one thing.</summary>
internal sealed class StatusWorld
{
    public const string Plan = """
        apiVersion: mlopsbackup.io/v1
        kind: BackupPlan
        metadata: {name: mlops, namespace: mlops}
        spec:
          postgres: {host: postgres, database: mlflow, user: mlflow, passwordSecret: {name: postgres, key: password}}
          artifacts: {volume: {claimName: artifacts}}
          repositories:
            - name: local
              volume: {}
            - name: offsite
              s3: {bucket: backups, region: eu-central-1}
          encryption: {none: true}
        """;

    public const long GiB = 1L << 30;

    public static readonly DateTimeOffset Noon = At(24, 12, 0);

    public StatusWorld()
    {
        CronJobs["postgres-backup"] = Cron("postgres-backup", "0 2 * * *", At(24, 2, 0));
        CronJobs["mlflow-artifacts-backup"] = Cron("mlflow-artifacts-backup", "0 3 * * *", At(24, 3, 0));
        CronJobs["backup-verify"] = Cron("backup-verify", "0 4 * * 0", At(22, 4, 0));
        CronJobs["repository-init"] = Cron("repository-init", "0 0 1 1 *", null, suspend: true);
        Claims["backup-pvc"] = new ClaimView { Status = new ClaimStatusView("Bound") };
        End("postgres-backup", At(24, 2, 0), ExitCode.Done, Outcome("postgres", At(24, 2, 5)));
        End("mlflow-artifacts-backup", At(24, 3, 0), ExitCode.Done, Outcome("artifacts", At(24, 3, 10), InFolder(), InS3()));
        End("backup-verify", At(22, 4, 0), ExitCode.Done, "[]");
    }

    public DateTimeOffset Now { get; set; } = Noon;

    /// <summary>The plan that is installed.</summary>
    public string Source { get; set; } = Plan;

    public Dictionary<string, CronJobView> CronJobs { get; } = [];

    public List<JobView> Jobs { get; } = [];

    public List<PodView> Pods { get; } = [];

    public Dictionary<string, ClaimView?> Claims { get; } = [];

    /// <summary>Namespaces that drills have made.</summary>
    public List<DrillNamespace> Drills { get; } = [];

    public static DateTimeOffset At(int day, int hour, int minute) => new(2026, 11, day, hour, minute, 0, TimeSpan.Zero);

    public static CronJobView Cron(string name, string schedule, DateTimeOffset? last, bool suspend = false) => new()
    {
        Metadata = new Metadata { Name = name, CreationTimestamp = At(1, 0, 0) },
        Spec = new CronJobSpecView(schedule, "Etc/UTC", suspend, 21_600),
        Status = new CronJobStatusView(last, last?.AddMinutes(5)),
    };

    public static RepositoryState InFolder() => new()
    {
        Repository = "local",
        Time = At(24, 3, 10),
        Bytes = 10 * GiB,
        FreeBytes = 40 * GiB,
        TotalBytes = 50 * GiB,
        RecoveryPoint = new RecoveryPointState("0123abcd", At(24, 2, 0), true, null),
        Components = [Snapshots(Component.Postgres, At(24, 2, 0)), Snapshots(Component.Artifacts, At(24, 3, 0))],
    };

    public static RepositoryState InS3() => InFolder() with { Repository = "offsite", FreeBytes = null, TotalBytes = null };

    public static ComponentState Snapshots(Component component, DateTimeOffset newest) => new()
    {
        Component = component,
        Snapshots = 7,
        Newest = newest,
        NewestComplete = newest,
        VerifiedAt = At(22, 4, 10),
        Verified = VerificationLevel.Data,
        Growth = GiB / 2,
        Sizes = [GiB, GiB + (GiB / 10), GiB + (GiB / 5)],
        Seconds = [3, 4, 5],
    };

    public static string Outcome(string component, DateTimeOffset time, params RepositoryState[] states) => Outcome(
        new ComponentOutcome(
            component == "postgres" ? Component.Postgres : Component.Artifacts, "complete", new string('a', 64), time, new SnapshotStats(), [], 0, null, []), states);

    public static string Outcome(ComponentOutcome component, params RepositoryState[] states) => JsonSerializer.Serialize(
        new BackupOutcome { Plan = "mlops", Repository = "local", Components = [component], Mirrors = [], State = states, ExitCode = 0 },
        LocalJson.Default.BackupOutcome);

    /// <summary>A Job that has ended, with its pod.</summary>
    public JobView End(string component, DateTimeOffset start, ExitCode code, string? message, string? reason = null)
    {
        var job = Add(component, start, new JobStatusView(
            start,
            code == ExitCode.Done ? start.AddMinutes(5) : null,
            null,
            code == ExitCode.Done ? 1 : null,
            code == ExitCode.Done ? null : 1,
            [new Condition(code == ExitCode.Done ? "Complete" : "Failed", "True", null, null, start.AddMinutes(5))]));
        Pod(job, code == ExitCode.Done ? "Succeeded" : "Failed", new ContainerStateView(
            null, null, new TerminatedView((int)code, null, reason, message, start, start.AddMinutes(5))));
        return job;
    }

    /// <summary>A Job that has not ended.</summary>
    public JobView Start(string component, DateTimeOffset start) => Add(component, start, new JobStatusView(start, null, 1, null, null, null));

    public void Pod(JobView job, string phase, ContainerStateView? state, params Condition[] conditions) => Pods.Add(new PodView
    {
        Metadata = new Metadata
        {
            Name = $"{job.Metadata.Name}-pod",
            CreationTimestamp = job.Metadata.CreationTimestamp,
            OwnerReferences = [new OwnerReference("batch/v1", "Job", job.Metadata.Name, job.Metadata.Uid, true)],
        },
        Status = new PodStatusView(phase, null, null, [.. conditions], state is null ? null : [new ContainerStatusView("agent", false, 0, state, "agent:1")]),
    });

    public StatusReport Report() => ClusterStatus.Of(new ClusterFacts
    {
        Plan = Plans.Load(Source),
        Namespace = "mlops",
        Now = Now,
        CronJobs = [.. CronJobs.Values],
        Jobs = Jobs,
        Pods = Pods,
        Claims = Claims,
        Drills = Drills,
    });

    /// <summary>The one problem that there is.</summary>
    public StatusProblem Problem() => Assert.Single(Report().Problems);

    public void Forget()
    {
        Jobs.Clear();
        Pods.Clear();
    }

    private JobView Add(string component, DateTimeOffset start, JobStatusView status)
    {
        var job = new JobView
        {
            Metadata = new Metadata
            {
                Name = $"{component}-{Jobs.Count}",
                Uid = $"uid-{Jobs.Count}",
                CreationTimestamp = start,
                Labels = new Dictionary<string, string> { ["app.kubernetes.io/component"] = component },
            },
            Status = status,
        };
        Jobs.Add(job);
        return job;
    }
}
