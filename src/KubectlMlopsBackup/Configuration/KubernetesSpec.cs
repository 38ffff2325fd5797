namespace KubectlMlopsBackup.Configuration;

/// <summary>How the objects in the cluster are made.</summary>
internal sealed class KubernetesSpec
{
    /// <summary>Null for <c>kubectl-mlopsbackup-agent</c> of this program's version.</summary>
    public string? Image { get; set; }

    public string ImagePullPolicy { get; set; } = PlanDefaults.ImagePullPolicy;

    public List<string> ImagePullSecrets { get; set; } = [];

    public ServiceAccountAnnotationsSpec ServiceAccountAnnotations { get; set; } = new();

    /// <summary>On every object and pod, beside the tool's own.</summary>
    public Dictionary<string, string> Labels { get; set; } = [];

    public Dictionary<string, string> Annotations { get; set; } = [];

    public Dictionary<string, string> NodeSelector { get; set; } = [];

    /// <summary>Labels of the pod that has the artifacts' volume: the backup runs on its node. Empty: anywhere.</summary>
    public Dictionary<string, string> AffinityLabels { get; set; } = [];

    /// <summary><c>deployment/NAME</c> or <c>statefulset/NAME</c>: what a restore stops, in this order, and starts again afterwards, in the opposite one.</summary>
    public List<string> ScaleDown { get; set; } = [];

    public List<TolerationSpec> Tolerations { get; set; } = [];

    public string? PriorityClassName { get; set; }

    public ResourcesSpec Resources { get; set; } = new();

    /// <summary>A Kubernetes quantity: the most that <c>/tmp</c> may hold.</summary>
    public string ScratchSize { get; set; } = PlanDefaults.ScratchSize;

    public PodSecuritySpec PodSecurity { get; set; } = new();

    public bool NetworkPolicy { get; set; } = true;

    public ActiveDeadlineSpec ActiveDeadline { get; set; } = new();

    /// <summary>Five cron fields.</summary>
    public string VerifySchedule { get; set; } = PlanDefaults.VerifySchedule;

    /// <summary>Five cron fields: prune runs then, with an account of its own. Null: after each backup, with the backup's.</summary>
    public string? PruneSchedule { get; set; }
}
