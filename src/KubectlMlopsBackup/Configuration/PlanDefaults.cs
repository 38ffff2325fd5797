namespace KubectlMlopsBackup.Configuration;

/// <summary>What holds where the plan says nothing.</summary>
internal static class PlanDefaults
{
    public const string TimeZone = "Etc/UTC";
    public const string PostgresHost = "localhost";
    public const int PostgresPort = 5432;
    public const string SslMode = "prefer";
    public const string Compression = "fast";
    public const string ServerSideEncryption = "none";
    public const string Rpo = "24h";
    public const string Rto = "4h";
    public const string Slack = "slack";
    public const string Webhook = "webhook";
    public const string Pushgateway = "pushgateway";
    public const string Otlp = "otlp";
    public const string NotifyWhen = "failure";
    public const string NotifyAlways = "always";
    public const string NotificationType = "application/json";
    public const int NotificationPort = 443;
    public const string CheckTimeout = "10s";
    public const string LongCheckTimeout = "10m";
    public const string CheckDeadline = "5m";
    public const string CheckPath = "/";
    public const string UsernameKey = "username";
    public const string PasswordKey = "password";
    public const int RowsMayLack = 10;
    public const int ArtifactsSample = 200;
    public const int MlflowPort = 5000;
    public const int MlflowModels = 100;
    public const int PrometheusPort = 9090;
    public const string PrometheusQuery = "up";
    public const string WorkloadTimeout = "15m";
    public const string HookTimeout = "10m";
    public const string DrillNamespace = "dr-test";

    /// <summary>What <c>init</c> proposes: the first day of each quarter, after the night's backups.</summary>
    public const string DrillSchedule = "0 6 1 1,4,7,10 *";
    public const string DrillCpu = "16";
    public const string DrillMemory = "64Gi";
    public const string DrillStorage = "1Ti";
    public const string PathKeepWithin = "7d";
    public const string S3KeepWithin = "90d";
    public const int NoncurrentDays = 30;
    public const int AbortMultipartDays = 7;

    /// <summary>In the cluster only, as is all that follows. Artifacts come after the database: see "recovery point".</summary>
    public const string PostgresSchedule = "0 2 * * *";
    public const string ArtifactsSchedule = "0 3 * * *";
    public const string VerifySchedule = "0 4 * * 0";
    public const string MountPath = "/mlflow/artifacts";
    public const string RepositoryClaim = "backup-pvc";
    public const string RepositorySize = "50Gi";
    public const string AccessMode = "ReadWriteOnce";
    public const string ImagePullPolicy = "IfNotPresent";
    public const string RequestedCpu = "250m";
    public const string RequestedMemory = "256Mi";
    public const string MemoryLimit = "1Gi";
    public const string ScratchSize = "1Gi";
    public const string ActiveDeadline = "6h";

    /// <summary>The user of the agent image; also the group that owns the repositories' volumes.</summary>
    public const int AgentUser = 10_001;

    /// <summary>Stores other than AWS often refuse the newer SDKs' default checksums.</summary>
    public const string ChecksumsOffAws = "whenRequired";
    public const string ChecksumsAws = "whenSupported";

    /// <summary>Stores other than AWS rarely care, but the request's signature needs a region.</summary>
    public const string RegionOffAws = "us-east-1";

    /// <summary>
    /// Fills in what was left out (a field with nothing after its colon counts as left out) and makes every path absolute.
    /// </summary>
    /// <param name="plan">Changed in place.</param>
    /// <param name="baseDirectory">An absolute folder: relative paths start there.</param>
    public static void Apply(BackupPlan plan, string baseDirectory)
    {
        // The deserializer puts a null into these where the YAML says so; their types say that it cannot.
        plan.ApiVersion ??= "";
        plan.Kind ??= "";
        plan.Metadata ??= new PlanMetadata();
        plan.Metadata.Name ??= "";
        plan.Spec ??= new PlanSpec();
        var spec = plan.Spec;
        spec.TimeZone ??= TimeZone;
        spec.Compression ??= Compression;
        spec.Repositories ??= [];
        Apply(spec.Notifications, baseDirectory);
        Apply(spec.Monitoring?.Push, baseDirectory);
        spec.Recovery ??= new RecoverySpec();
        spec.Recovery.Rpo ??= Rpo;
        spec.Recovery.Rto ??= Rto;
        CheckDefaults.Apply(spec.Recovery.Checks, baseDirectory);
        spec.Recovery.Infrastructure ??= [];
        spec.Recovery.WorkloadTimeout ??= WorkloadTimeout;
        spec.Recovery.Hooks ??= [];
        for (var i = 0; i < spec.Recovery.Hooks.Count; i++)
        {
            var hook = spec.Recovery.Hooks[i] ??= new RecoveryHookSpec();
            hook.Name ??= "";
            hook.Command ??= [];
            hook.Timeout ??= HookTimeout;
        }

        spec.Recovery.Drill ??= new DrillSpec();
        spec.Recovery.Drill.Namespace ??= DrillNamespace;
        spec.Recovery.Drill.Cpu ??= DrillCpu;
        spec.Recovery.Drill.Memory ??= DrillMemory;
        spec.Recovery.Drill.Storage ??= DrillStorage;
        if (spec.Recovery.Drill.Artifacts is { } scratch)
        {
            scratch.Bucket ??= "";
            scratch.Prefix ??= "";
        }


        if (spec.Config is { } config)
        {
            config.Namespaces ??= [];
            config.Include ??= [];
            config.Exclude ??= [];
        }

        Apply(spec.Postgres, baseDirectory);
        if (spec.Artifacts is { } artifacts)
        {
            artifacts.Uris ??= [];
            artifacts.Exclude ??= [];
            artifacts.Path = Resolve(artifacts.Path, baseDirectory);
            Apply(artifacts.S3, baseDirectory);
            if (artifacts.Volume is { } volume)
            {
                volume.ClaimName ??= "";
                volume.MountPath ??= MountPath;
            }
        }

        for (var i = 0; i < spec.Repositories.Count; i++)
        {
            var repository = spec.Repositories[i] ??= new RepositorySpec();
            repository.Name ??= "";
            repository.Path = Resolve(repository.Path, baseDirectory);
            if (repository.S3 is { } s3)
            {
                s3.ServerSideEncryption ??= ServerSideEncryption;
                Apply(s3.Setup);
                Apply(s3, baseDirectory);
            }

            if (repository.Volume is { } volume)
            {
                volume.ClaimName ??= RepositoryClaim;
                volume.Size ??= RepositorySize;
                volume.AccessMode ??= AccessMode;
            }

            repository.Retention ??= new RetentionSpec { KeepWithin = repository.S3 is null ? PathKeepWithin : S3KeepWithin };
        }

        if (spec.Encryption is { } encryption)
        {
            encryption.PassphraseFile = Resolve(encryption.PassphraseFile, baseDirectory);
            Apply(encryption.PassphraseSecret);
            if (encryption.Kms is { } kms)
            {
                kms.KeyId ??= "";
                Apply(kms.Credentials, baseDirectory);
            }
        }

        KubernetesDefaults.Apply(spec.Kubernetes ??= new KubernetesSpec());
    }

    private static void Apply(List<NotificationSpec>? notifications, string baseDirectory)
    {
        for (var i = 0; i < notifications?.Count; i++)
        {
            var one = notifications[i] ??= new NotificationSpec();
            one.Name ??= "";
            one.Kind ??= "";
            one.When ??= NotifyWhen;
            one.ContentType ??= NotificationType;
            one.UrlFile = Resolve(one.UrlFile, baseDirectory);
            Apply(one.UrlSecret);
        }
    }

    private static void Apply(List<PushSpec>? push, string baseDirectory)
    {
        for (var i = 0; i < push?.Count; i++)
        {
            var one = push[i] ??= new PushSpec();
            one.Name ??= "";
            one.Kind ??= "";
            one.Url ??= "";
            one.HeadersFile = Resolve(one.HeadersFile, baseDirectory);
            Apply(one.HeadersSecret);
        }
    }

    private static void Apply(PostgresSpec? postgres, string baseDirectory)
    {
        if (postgres is null)
        {
            return;
        }

        postgres.Host ??= PostgresHost;
        postgres.Database ??= "";
        postgres.User ??= "";
        postgres.SslMode ??= SslMode;
        postgres.PasswordFile = Resolve(postgres.PasswordFile, baseDirectory);
        postgres.SslRootCert = Resolve(postgres.SslRootCert, baseDirectory);
        Apply(postgres.PasswordSecret);
        Apply(postgres.SslRootCertSecret);
        postgres.ClientTools = Resolve(postgres.ClientTools, baseDirectory);
    }

    private static void Apply(S3SetupSpec? setup)
    {
        if (setup?.ObjectLock is { } objectLock)
        {
            objectLock.Mode ??= S3ObjectLockSpec.Governance;
        }

        if (setup?.Replication is { } replication)
        {
            replication.Bucket ??= "";
        }
    }

    private static void Apply(IS3Spec? s3, string baseDirectory)
    {
        if (s3 is null)
        {
            return;
        }

        var offAws = s3.Endpoint is not null;
        s3.Bucket ??= "";
        s3.Prefix = s3.Prefix?.TrimEnd('/') ?? "";
        s3.ForcePathStyle ??= offAws;
        s3.Checksums ??= offAws ? ChecksumsOffAws : ChecksumsAws;
        s3.Region ??= offAws ? RegionOffAws : null;
        Apply(s3.Credentials, baseDirectory);
    }

    private static void Apply(S3CredentialsSpec? given, string baseDirectory)
    {
        if (given is { } credentials)
        {
            credentials.File = Resolve(credentials.File, baseDirectory);
            if (credentials.Secret is { } secret)
            {
                secret.Name ??= "";
                secret.AccessKeyIdKey ??= "";
                secret.SecretAccessKeyKey ??= "";
            }
        }
    }

    private static void Apply(SecretKeySpec? secret)
    {
        if (secret is not null)
        {
            secret.Name ??= "";
            secret.Key ??= "";
        }
    }

    /// <summary>"" and what no path can hold stay as they are, for the validator to name.</summary>
    internal static string? Resolve(string? path, string baseDirectory)
    {
        if (string.IsNullOrWhiteSpace(path) || path.Contains('\0'))
        {
            return path;
        }

        if (path == "~" || path.StartsWith("~/", StringComparison.Ordinal))
        {
            var home = Environment.GetFolderPath(Environment.SpecialFolder.UserProfile, Environment.SpecialFolderOption.DoNotVerify);
            path = home + path[1..];
        }

        return Path.TrimEndingDirectorySeparator(Path.GetFullPath(path, baseDirectory));
    }
}
