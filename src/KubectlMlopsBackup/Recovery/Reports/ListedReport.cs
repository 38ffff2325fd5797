using KubectlMlopsBackup.Repository.Reports;

namespace KubectlMlopsBackup.Recovery.Reports;

/// <summary>A row of <c>report list</c>.</summary>
internal sealed record ListedReport
{
    /// <summary>64 hex digits.</summary>
    public required string Id { get; init; }

    /// <summary>When the run began.</summary>
    public required DateTimeOffset Time { get; init; }

    public required string Plan { get; init; }

    /// <summary>Such as <c>drill</c>.</summary>
    public required string Kind { get; init; }

    public required string Verdict { get; init; }

    /// <summary>From the start to the last passed check; null where it never came to that.</summary>
    public double? Seconds { get; init; }

    public string? RecoveryPoint { get; init; }

    /// <summary>Names of those that have it.</summary>
    public required IReadOnlyList<string> Repositories { get; init; }

    public static ListedReport Of(ReportEntry entry, IReadOnlyList<string> repositories) => new()
    {
        Id = entry.Id,
        Time = entry.Head.Time,
        Plan = entry.Head.Plan,
        Kind = entry.Head.Report,
        Verdict = entry.Head.Verdict,
        Seconds = entry.Head.Seconds,
        RecoveryPoint = entry.Head.RecoveryPoint,
        Repositories = repositories,
    };
}
