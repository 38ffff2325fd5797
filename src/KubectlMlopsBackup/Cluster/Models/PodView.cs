namespace KubectlMlopsBackup.Cluster.Models;

internal sealed record PodView : IClusterObject
{
    public Metadata Metadata { get; init; } = new();

    public PodSpecView? Spec { get; init; }

    public PodStatusView? Status { get; init; }

    public bool IsEnded => Status?.Phase is "Succeeded" or "Failed";

    /// <summary>Null before the container was made.</summary>
    public ContainerStatusView? Container(string name) => Status?.ContainerStatuses?.Find(c => c.Name == name);
}

internal sealed record PodSpecView(string? NodeName, List<VolumeView>? Volumes);

/// <param name="PersistentVolumeClaim">Null for another kind of volume.</param>
internal sealed record VolumeView(string Name, ClaimReference? PersistentVolumeClaim);

internal sealed record ClaimReference(string ClaimName);

internal sealed record PodStatusView(
    string? Phase, string? Reason, string? Message, List<Condition>? Conditions, List<ContainerStatusView>? ContainerStatuses);

internal sealed record ContainerStatusView(string Name, bool? Ready, int? RestartCount, ContainerStateView? State, string? Image);

/// <summary>One of the three.</summary>
internal sealed record ContainerStateView(WaitingView? Waiting, RunningView? Running, TerminatedView? Terminated);

internal sealed record WaitingView(string? Reason, string? Message);

internal sealed record RunningView(DateTimeOffset? StartedAt);

/// <param name="Message">The termination message: the agent's result.</param>
internal sealed record TerminatedView(
    int ExitCode, int? Signal, string? Reason, string? Message, DateTimeOffset? StartedAt, DateTimeOffset? FinishedAt);
