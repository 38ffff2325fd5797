namespace KubectlMlopsBackup.Repository.Reports;

/// <summary>All that a repository knows of a report.</summary>
internal sealed record ReportHead
{
    /// <summary>When the run began.</summary>
    public required DateTimeOffset Time { get; init; }

    /// <summary>Name of the plan.</summary>
    public required string Plan { get; init; }

    /// <summary>What it reports, such as <c>drill</c>.</summary>
    public required string Report { get; init; }

    /// <summary>What the run came to, such as <c>passed</c>.</summary>
    public required string Verdict { get; init; }

    /// <summary>How long the run took; null where it came to no end.</summary>
    public double? Seconds { get; init; }

    /// <summary>Id of the recovery point; null where there was none.</summary>
    public string? RecoveryPoint { get; init; }

    /// <summary>Ids of what was restored.</summary>
    public IReadOnlyList<string> Snapshots { get; init; } = [];

    /// <summary>Of the body, such as <c>application/json</c>.</summary>
    public required string Type { get; init; }
}
