namespace KubectlMlopsBackup.Configuration;

/// <summary>A check of a platform that was recovered. Exactly one of the sections says what kind it is.</summary>
internal sealed class CheckSpec
{
    public string Name { get; set; } = "";

    /// <summary>Of one attempt. Never null after loading.</summary>
    public string? Timeout { get; set; }

    /// <summary>It is tried again until it passes or this time is over.</summary>
    public string Deadline { get; set; } = PlanDefaults.CheckDeadline;

    public PodsCheckSpec? Pods { get; set; }

    public HttpCheckSpec? Http { get; set; }

    public SqlCheckSpec? Sql { get; set; }

    public RowsCheckSpec? Rows { get; set; }

    public ArtifactsCheckSpec? Artifacts { get; set; }

    public MlflowCheckSpec? Mlflow { get; set; }

    public PrometheusCheckSpec? Prometheus { get; set; }

    public ConsistencyCheckSpec? Consistency { get; set; }

    public TimeSpan TimeoutDuration() => PlanDuration.Parse(Timeout!);

    public TimeSpan DeadlineDuration() => PlanDuration.Parse(Deadline);

    /// <summary>The names of the sections that are there.</summary>
    public IReadOnlyList<string> Kinds() =>
        [.. new (string Name, object? Section)[]
        {
            ("pods", Pods), ("http", Http), ("sql", Sql), ("rows", Rows), ("artifacts", Artifacts), ("mlflow", Mlflow), ("prometheus", Prometheus),
            ("consistency", Consistency),
        }.Where(s => s.Section is not null).Select(s => s.Name)];

    /// <summary>Where it goes by HTTP; null where it does not.</summary>
    public IEndpointSpec? Endpoint() => Http ?? (IEndpointSpec?)Mlflow ?? Prometheus;
}
