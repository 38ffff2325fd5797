using System.Text.Json.Serialization;

namespace KubectlMlopsBackup.InCluster.Status;

/// <summary>The answer to "are we safe?". Times are UTC, sizes bytes.</summary>
internal sealed record StatusReport
{
    public required string Plan { get; init; }

    /// <summary>Null with <c>--local</c>.</summary>
    public string? Namespace { get; init; }

    /// <summary>Now.</summary>
    public required DateTimeOffset Time { get; init; }

    /// <summary>No problem is an error.</summary>
    public required bool Safe { get; init; }

    /// <summary>The process's own.</summary>
    public required int ExitCode { get; init; }

    /// <summary>Worst first.</summary>
    public required IReadOnlyList<StatusProblem> Problems { get; init; }

    public required IReadOnlyList<ComponentStatus> Components { get; init; }

    /// <summary>The scheduled verification; null with <c>--local</c>.</summary>
    public VerificationStatus? Verification { get; init; }

    /// <summary>Null where the plan schedules no drills, and there was none.</summary>
    public DrillStatus? Drill { get; init; }

    public required IReadOnlyList<RepositoryStatus> Repositories { get; init; }

    [JsonIgnore]
    public IReadOnlyList<StatusProblem> Errors => [.. Problems.Where(p => p.Severity == StatusSeverity.Error)];
}
