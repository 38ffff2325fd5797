namespace KubectlMlopsBackup.Cluster.Models;

/// <summary>A Deployment or a StatefulSet.</summary>
internal sealed record WorkloadView : IClusterObject
{
    public Metadata Metadata { get; init; } = new();

    public WorkloadSpecView? Spec { get; init; }

    public WorkloadStatusView? Status { get; init; }

    /// <summary>Wanted; the API's default is 1.</summary>
    public int Replicas => Spec?.Replicas ?? 1;

    /// <summary>All that are wanted are ready, and of the newest template.</summary>
    public bool IsReady =>
        Status?.ObservedGeneration >= (Metadata.Generation ?? 0) && (Status?.ReadyReplicas ?? 0) >= Replicas && (Status?.UpdatedReplicas ?? 0) >= Replicas;
}

internal sealed record WorkloadSpecView(int? Replicas, LabelSelectorView? Selector);

internal sealed record LabelSelectorView(Dictionary<string, string>? MatchLabels);

internal sealed record WorkloadStatusView(int? Replicas, int? ReadyReplicas, int? UpdatedReplicas, long? ObservedGeneration);
