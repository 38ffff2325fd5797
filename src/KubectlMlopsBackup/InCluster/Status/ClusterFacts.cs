using KubectlMlopsBackup.Cluster.Models;
using KubectlMlopsBackup.Configuration;

namespace KubectlMlopsBackup.InCluster.Status;

/// <summary>All that a cluster has to say of one plan, as it was read.</summary>
internal sealed record ClusterFacts
{
    public required BackupPlan Plan { get; init; }

    public required string Namespace { get; init; }

    public required DateTimeOffset Now { get; init; }

    public required IReadOnlyList<CronJobView> CronJobs { get; init; }

    public required IReadOnlyList<JobView> Jobs { get; init; }

    public required IReadOnlyList<PodView> Pods { get; init; }

    /// <summary>Of the repositories' volumes, by name; null where there is none. One that may not be read is not in it.</summary>
    public required IReadOnlyDictionary<string, ClaimView?> Claims { get; init; }

    /// <summary>Namespaces that drills of this platform have made; empty where they may not be listed, or nobody asked.</summary>
    public IReadOnlyList<DrillNamespace> Drills { get; init; } = [];
}
