namespace KubectlMlopsBackup.Cluster.Models;

internal sealed record EventView : IClusterObject
{
    public Metadata Metadata { get; init; } = new();

    /// <summary><c>Normal</c> or <c>Warning</c>.</summary>
    public string? Type { get; init; }

    public string? Reason { get; init; }

    public string? Message { get; init; }

    public int? Count { get; init; }

    public DateTimeOffset? LastTimestamp { get; init; }

    public DateTimeOffset? EventTime { get; init; }

    public InvolvedObject? InvolvedObject { get; init; }

    public DateTimeOffset? Time => LastTimestamp ?? EventTime ?? Metadata.CreationTimestamp;
}

internal sealed record InvolvedObject(string? Kind, string? Name, string? Uid);
