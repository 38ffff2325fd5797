namespace KubectlMlopsBackup.Sources.ClusterConfig.Restore;

/// <summary>How objects are put back.</summary>
internal sealed record ConfigRestoreOptions
{
    public ExistingPolicy Existing { get; init; } = ExistingPolicy.Skip;

    /// <summary>The API server checks everything and keeps nothing; differences to what is there are in the report.</summary>
    public bool DryRun { get; init; }

    /// <summary>The old namespace's name to the new one's; empty: back to where they were.</summary>
    public IReadOnlyDictionary<string, string> Namespaces { get; init; } = new Dictionary<string, string>();

    /// <summary>The old storage class's name to the new one's; an empty new one means the cluster's default.</summary>
    public IReadOnlyDictionary<string, string> StorageClasses { get; init; } = new Dictionary<string, string>();

    /// <summary>Images, or beginnings of them up to a slash, colon or at sign, to what takes their place.</summary>
    public IReadOnlyDictionary<string, string> Images { get; init; } = new Dictionary<string, string>();

    /// <summary>Also in texts: <c>postgres.OLD.svc</c>. Otherwise they are listed for review only.</summary>
    public bool RewriteDns { get; init; }

    /// <summary>Workloads are made with no pods, and CronJobs suspended; <see cref="WorkloadHold.ReleaseAsync"/> starts them.</summary>
    public bool HoldWorkloads { get; init; }

    /// <summary>Written on CronJobs that are held, so that it can be told who holds them; null for nothing.</summary>
    public string? HeldFor { get; init; }

    /// <summary>Only these kinds.</summary>
    public KindFilter Kinds { get; init; } = KindFilter.All;

    /// <summary>Only objects with these labels.</summary>
    public LabelSelector Selector { get; init; } = LabelSelector.All;

    /// <summary>Only these steps; null for all. The order is always the same.</summary>
    public IReadOnlySet<RestorePhase>? Phases { get; init; }

    /// <summary>Put on every object that is made, so that it can be found again; empty for none.</summary>
    public IReadOnlyDictionary<string, string> Labels { get; init; } = new Dictionary<string, string>();

    /// <summary>This program's own CronJobs and accounts too. Null: only where they go back to their own namespace, since two installations would back up twice.</summary>
    public bool? Own { get; init; }

    /// <summary>For a definition to be established, and its kind to be served.</summary>
    public TimeSpan DefinitionPatience { get; init; } = TimeSpan.FromSeconds(60);

    /// <summary>Where objects of that namespace go.</summary>
    public string Target(string ns) => Namespaces.GetValueOrDefault(ns, ns);
}
