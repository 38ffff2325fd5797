namespace KubectlMlopsBackup.Cluster.Models;

internal sealed record JobView : IClusterObject
{
    public Metadata Metadata { get; init; } = new();

    public JobSpecView? Spec { get; init; }

    public JobStatusView? Status { get; init; }

    /// <summary>Selects its pods.</summary>
    public string PodSelector => $"batch.kubernetes.io/job-name={Metadata.Name}";

    /// <summary>The condition that ended it; null while it runs.</summary>
    public Condition? End => Status?.Conditions?.FirstOrDefault(c => c is { Type: "Complete" or "Failed", Status: "True" });

    public bool IsComplete => End?.Type == "Complete";

    public bool IsFailed => End?.Type == "Failed";

    /// <summary>When it ended; null while it runs.</summary>
    public DateTimeOffset? Ended => Status?.CompletionTime ?? End?.LastTransitionTime;
}

internal sealed record JobSpecView(int? Completions, int? Parallelism, int? BackoffLimit, bool? Suspend);

internal sealed record JobStatusView(
    DateTimeOffset? StartTime, DateTimeOffset? CompletionTime, int? Active, int? Succeeded, int? Failed, List<Condition>? Conditions);
