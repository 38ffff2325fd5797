namespace KubectlMlopsBackup.Diagnostics;

/// <summary>All that <c>doctor</c> knows to be wrong. Each has a section in docs/troubleshooting.md; a test holds the two together.</summary>
internal static class Faults
{
    // The API server, and who asks it.
    public static readonly Fault ApiUnreachable = new("api-unreachable", "The API server does not answer");
    public static readonly Fault CallerUnknown = new("caller-unknown", "The cluster does not know who you are");
    public static readonly Fault ApiOld = new("api-old", "The cluster is older than Kubernetes 1.30");
    public static readonly Fault ClockSkew = new("clock-skew", "This machine's clock and the other's differ");
    public static readonly Fault CallerRights = new("caller-rights", "You lack rights that the commands need");
    public static readonly Fault AccountRights = new("account-rights", "A Job's ServiceAccount may do more than it needs");

    // The plan, and what it names.
    public static readonly Fault PlanMissing = new("plan-missing", "No plan is installed in the namespace");
    public static readonly Fault PlanInvalid = new("plan-invalid", "The plan cannot be used");
    public static readonly Fault VersionDiffers = new("version-differs", "The plan was installed by another version of this program");
    public static readonly Fault ObjectMissing = new("object-missing", "An object that the plan needs is not there");
    public static readonly Fault ObjectDrifted = new("object-drifted", "An object is not as the plan has it");
    public static readonly Fault SecretMissing = new("secret-missing", "A Secret that the plan names is not there");
    public static readonly Fault SecretKeyMissing = new("secret-key-missing", "A Secret lacks a key that the plan names");
    public static readonly Fault SecretEmpty = new("secret-empty", "A Secret's value is empty");
    public static readonly Fault ServiceMissing = new("service-missing", "The database's Service is not there");
    public static readonly Fault ServicePort = new("service-port", "The database's Service does not have the plan's port");
    public static readonly Fault ServiceEmpty = new("service-empty", "The database's Service has no pod that is ready");
    public static readonly Fault ClaimMissing = new("claim-missing", "A PersistentVolumeClaim is not there");
    public static readonly Fault ClaimPending = new("claim-pending", "A PersistentVolumeClaim has no volume");
    public static readonly Fault ClaimLost = new("claim-lost", "The volume of a PersistentVolumeClaim is lost");
    public static readonly Fault StorageClassMissing = new("storageclass-missing", "A StorageClass is not there");
    public static readonly Fault VolumeElsewhere = new("volume-elsewhere", "The artifacts' volume is on one node, and the backup may run on another");
    public static readonly Fault AffinityNoPod = new("affinity-no-pod", "No pod runs that has the labels of spec.kubernetes.affinityLabels");
    public static readonly Fault WorkloadMissing = new("workload-missing", "A workload of spec.kubernetes.scaleDown is not there");
    public static readonly Fault WorkloadStopped = new("workload-stopped", "A restore has left a workload stopped");
    public static readonly Fault PodSecurity = new("pod-security", "The namespace's Pod Security level refuses the Jobs' pods");
    public static readonly Fault QuotaExceeded = new("quota-exceeded", "The namespace's quota has no room for the Jobs' pods");
    public static readonly Fault PodRefused = new("pod-refused", "The cluster refuses the Jobs' pods");
    public static readonly Fault ImageUnavailable = new("image-unavailable", "The agent's image cannot be had");
    public static readonly Fault VolumeFilling = new("volume-filling", "A backup volume is filling up");
    public static readonly Fault ArtifactsOutside = new("artifacts-outside", "MLflow has artifacts that the plan does not back up");
    public static readonly Fault MlflowSecret = new("mlflow-secret", "MLflow needs something back that is in no backup");

    // The schedules.
    public static readonly Fault ScheduleMissing = new("schedule-missing", "A CronJob is not there");
    public static readonly Fault ScheduleSuspended = new("schedule-suspended", "A schedule is suspended");
    public static readonly Fault ScheduleMissed = new("schedule-missed", "A run did not begin when it was due");
    public static readonly Fault ScheduleOverlaps = new("schedule-overlaps", "A schedule lets runs overlap, or replaces one that is at work");
    public static readonly Fault ScheduleTimeZone = new("schedule-timezone", "A schedule is counted in another time zone than the plan's");

    // The runs.
    public static readonly Fault JobFailed = new("job-failed", "The last run failed");
    public static readonly Fault JobPlan = new("job-plan", "The last run refused its plan");
    public static readonly Fault JobIncomplete = new("job-incomplete", "The last run had to leave something out");
    public static readonly Fault JobDamage = new("job-damage", "The last run found damage");
    public static readonly Fault DrillFailed = new("drill-failed", "The last drill failed, or missed a target");
    public static readonly Fault DrillLeft = new("drill-left", "A drill that died has left its namespace");
    public static readonly Fault CheckFailed = new("check-failed", "The last check of the platform failed");
    public static readonly Fault MlflowInconsistent = new("mlflow-inconsistent", "MLflow's database names artifacts that a backup does not have");
    public static readonly Fault JobMemory = new("job-memory", "The last run was killed for its memory");
    public static readonly Fault JobDeadline = new("job-deadline", "The last run did not end in time");
    public static readonly Fault JobWaiting = new("job-waiting", "A run does not start");
    public static readonly Fault BackupNever = new("backup-never", "It was never backed up");
    public static readonly Fault BackupStale = new("backup-stale", "The newest backup is older than the RPO");
    public static readonly Fault PointMissing = new("point-missing", "There is no complete recovery point");
    public static readonly Fault KeyNotEscrowed = new("key-not-escrowed", "Nobody has shown of late that the passphrase is kept outside of the cluster");
    public static readonly Fault CredentialsExpiring = new("credentials-expiring", "Credentials end soon, or have ended");
    public static readonly Fault NeverVerified = new("never-verified", "The backups were not verified, or not for long");
    public static readonly Fault RepositoryUnknown = new("repository-unknown", "Nothing is known of a repository");

    // What only the inside shows: repositories, the store, the database, the artifacts.
    public static readonly Fault ProbeFailed = new("probe-failed", "What the Jobs see could not be looked at");
    public static readonly Fault RepositoryMissing = new("repository-missing", "There is no repository");
    public static readonly Fault RepositoryKey = new("repository-key", "The passphrase, or the key, does not open the repository");
    public static readonly Fault KmsKey = new("kms-key", "The KMS key that the backups are encrypted under cannot be used");
    public static readonly Fault RepositoryUnreadable = new("repository-unreadable", "A repository cannot be read");
    public static readonly Fault RepositoryUnwritable = new("repository-unwritable", "A repository cannot be written to");
    public static readonly Fault RepositoryDamaged = new("repository-damaged", "A repository is damaged");
    public static readonly Fault StoreUnreachable = new("store-unreachable", "The S3 store cannot be reached");
    public static readonly Fault StoreTls = new("store-tls", "No secure connection to the S3 store comes about");
    public static readonly Fault StoreCredentials = new("store-credentials", "The S3 store does not take the credentials");
    public static readonly Fault BucketMissing = new("bucket-missing", "The S3 bucket is not there");
    public static readonly Fault StoreRegion = new("store-region", "The S3 bucket is in another region");
    public static readonly Fault StoreRefuses = new("store-refuses", "The S3 store refuses what a backup needs");
    public static readonly Fault DatabaseUnreachable = new("database-unreachable", "The database cannot be reached");
    public static readonly Fault DatabaseRefuses = new("database-refuses", "The database refuses the user or the password");
    public static readonly Fault DatabaseTools = new("database-tools", "The client tools are older than the database");
    public static readonly Fault DatabaseRights = new("database-rights", "The database's user may not read all of it");
    public static readonly Fault DatabaseTransaction = new("database-transaction", "A long transaction is open in the database");
    public static readonly Fault ArtifactsUnreadable = new("artifacts-unreadable", "The artifacts cannot be read");

    /// <summary>In the order of the documentation.</summary>
    public static IReadOnlyList<Fault> All { get; } =
    [
        ApiUnreachable, CallerUnknown, ApiOld, ClockSkew, CallerRights, AccountRights,
        PlanMissing, PlanInvalid, VersionDiffers, ObjectMissing, ObjectDrifted, SecretMissing, SecretKeyMissing, SecretEmpty,
        ServiceMissing, ServicePort, ServiceEmpty, ClaimMissing, ClaimPending, ClaimLost, StorageClassMissing, VolumeElsewhere, AffinityNoPod,
        WorkloadMissing, WorkloadStopped, PodSecurity, QuotaExceeded, PodRefused, ImageUnavailable, VolumeFilling, ArtifactsOutside, MlflowSecret,
        ScheduleMissing, ScheduleSuspended, ScheduleMissed, ScheduleOverlaps, ScheduleTimeZone,
        JobFailed, JobPlan, JobIncomplete, JobDamage, DrillFailed, DrillLeft, CheckFailed, MlflowInconsistent, JobMemory, JobDeadline, JobWaiting,
        BackupNever, BackupStale, PointMissing, NeverVerified, CredentialsExpiring, KeyNotEscrowed, RepositoryUnknown,
        ProbeFailed, RepositoryMissing, RepositoryKey, KmsKey, RepositoryUnreadable, RepositoryUnwritable, RepositoryDamaged,
        StoreUnreachable, StoreTls, StoreCredentials, BucketMissing, StoreRegion, StoreRefuses,
        DatabaseUnreachable, DatabaseRefuses, DatabaseTools, DatabaseRights, DatabaseTransaction, ArtifactsUnreadable,
    ];
}
