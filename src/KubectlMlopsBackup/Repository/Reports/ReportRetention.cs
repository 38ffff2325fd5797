namespace KubectlMlopsBackup.Repository.Reports;

/// <summary>Which reports are let go: not with their recovery points, since they are what is left to say how long a recovery takes.</summary>
internal static class ReportRetention
{
    /// <summary>So many of each plan and kind are kept, however old they are.</summary>
    public const int KeptOfKind = 10;

    public static readonly TimeSpan Kept = TimeSpan.FromDays(730);

    /// <param name="snapshots">Ids of those that stay.</param>
    public static IReadOnlyList<ReportEntry> Going(IReadOnlyList<ReportEntry> reports, IReadOnlySet<string> snapshots, DateTimeOffset now)
    {
        var newest = reports
            .GroupBy(r => (r.Head.Plan, r.Head.Report))
            .SelectMany(g => g.OrderByDescending(r => r.Head.Time).Take(KeptOfKind))
            .Select(r => r.Id)
            .ToHashSet(StringComparer.Ordinal);
        return [.. reports.Where(r => now - r.Head.Time > Kept && !newest.Contains(r.Id) && !r.Head.Snapshots.Any(snapshots.Contains))];
    }
}
