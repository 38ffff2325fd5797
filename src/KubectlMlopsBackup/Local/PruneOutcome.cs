using KubectlMlopsBackup.Repository.Retention;
using KubectlMlopsBackup.Repository.Snapshots;

namespace KubectlMlopsBackup.Local;

/// <summary>What prune did in one repository. Sizes are bytes.</summary>
internal sealed record PruneOutcome
{
    public required string Repository { get; init; }

    public required bool DryRun { get; init; }

    public IReadOnlyList<PrunedSnapshot> Snapshots { get; init; } = [];

    public int PacksMarked { get; init; }

    public long BytesMarked { get; init; }

    public int PacksDeleted { get; init; }

    public long BytesDeleted { get; init; }

    public int PacksRewritten { get; init; }

    /// <summary>Reports that are let go.</summary>
    public int Reports { get; init; }

    public int Retained { get; init; }

    public string? Error { get; init; }

    /// <summary>Another prune was at work there, which does the same.</summary>
    public bool Busy { get; init; }

    public static PruneOutcome Of(string repository, PruneReport report) => new()
    {
        Repository = repository,
        DryRun = report.DryRun,
        Snapshots = [.. report.Decisions.Select(d => new PrunedSnapshot(
            d.Snapshot.Id, d.Snapshot.Component, d.Snapshot.Time, d.Keep, d.Reasons))],
        PacksMarked = report.PacksMarked,
        BytesMarked = report.BytesMarked,
        PacksDeleted = report.PacksDeleted,
        BytesDeleted = report.BytesDeleted,
        PacksRewritten = report.PacksRewritten,
        Reports = report.Reports,
        Retained = report.Retained,
    };
}

/// <param name="Id">64 hex digits.</param>
/// <param name="Component">Which.</param>
/// <param name="Time">The moment the data is from.</param>
/// <param name="Kept">Or let go.</param>
/// <param name="Reasons">Why it is kept.</param>
internal sealed record PrunedSnapshot(
    string Id, Component Component, DateTimeOffset Time, bool Kept, IReadOnlyList<string> Reasons);
