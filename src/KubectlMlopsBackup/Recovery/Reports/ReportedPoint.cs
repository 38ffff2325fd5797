namespace KubectlMlopsBackup.Recovery.Reports;

/// <summary>The recovery point that was restored, and that a report so says something of.</summary>
internal sealed record ReportedPoint
{
    /// <summary>
    /// 64 hex digits: the SHA-256 over the ids of its snapshots of data, each of which is the SHA-256 of all that the snapshot names. Two reports with the
    /// same hash are about the same database and artifacts; which configuration they went with is in <see cref="Snapshots"/>. Null where single snapshots were restored that make up no recovery point.
    /// </summary>
    public string? Id { get; init; }

    /// <summary>The repository that it was taken from, by its name in the plan.</summary>
    public required string Repository { get; init; }

    /// <summary>The moment that was gone back to.</summary>
    public required DateTimeOffset Time { get; init; }

    public IReadOnlyList<ReportedSnapshot> Snapshots { get; init; } = [];
}
