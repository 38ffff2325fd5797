namespace KubectlMlopsBackup.Configuration;

internal sealed class PlanSpec
{
    /// <summary>IANA name; the schedules and the days, weeks and months of the retention are counted in it.</summary>
    public string TimeZone { get; set; } = PlanDefaults.TimeZone;

    public PostgresSpec? Postgres { get; set; }

    public ArtifactsSpec? Artifacts { get; set; }

    public ConfigSpec? Config { get; set; }

    /// <summary>The first is written to; the others are mirrored to afterwards.</summary>
    public List<RepositorySpec> Repositories { get; set; } = [];

    public EncryptionSpec? Encryption { get; set; }

    /// <summary><c>none</c>, <c>fast</c>, <c>default</c> or <c>better</c>.</summary>
    public string Compression { get; set; } = PlanDefaults.Compression;

    /// <summary>Who is told how runs end; null for nobody.</summary>
    public List<NotificationSpec>? Notifications { get; set; }

    public RecoverySpec Recovery { get; set; } = new();

    /// <summary>Null where nothing is said.</summary>
    public MonitoringSpec? Monitoring { get; set; }

    /// <summary>Never null after loading. Only read where objects for a cluster are made.</summary>
    public KubernetesSpec? Kubernetes { get; set; }

    public TimeZoneInfo Zone() => PlanTimeZone.Find(TimeZone);

    public PlanCompression CompressionLevel() => Enum.Parse<PlanCompression>(Compression, ignoreCase: true);
}
