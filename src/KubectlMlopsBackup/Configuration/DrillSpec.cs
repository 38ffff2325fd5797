namespace KubectlMlopsBackup.Configuration;

/// <summary>How a recovery is rehearsed.</summary>
internal sealed class DrillSpec
{
    /// <summary>The scratch namespace; another is made up where it is taken.</summary>
    public string Namespace { get; set; } = PlanDefaults.DrillNamespace;

    /// <summary>Five cron fields; null: on request only.</summary>
    public string? Schedule { get; set; }

    /// <summary>Kubernetes quantities: the most that all of its pods together may ask for.</summary>
    public string Cpu { get; set; } = PlanDefaults.DrillCpu;

    public string Memory { get; set; } = PlanDefaults.DrillMemory;

    public string Storage { get; set; } = PlanDefaults.DrillStorage;

    /// <summary>Where artifacts in S3 are rehearsed; null: they are not.</summary>
    public DrillArtifactsSpec? Artifacts { get; set; }
}
