using KubectlMlopsBackup.Local;
using KubectlMlopsBackup.Output;

namespace KubectlMlopsBackup.Commands;

internal static class ListTable
{
    public static TableWriter Of(IReadOnlyList<ListedSnapshot> snapshots, DateTimeOffset now)
    {
        var table = new TableWriter(
            new TableColumn("Id"),
            new TableColumn("Component"),
            new TableColumn("Time"),
            new TableColumn("Age", Spare: true),
            new TableColumn("Size", Spare: true),
            new TableColumn("Stored", Spare: true),
            new TableColumn("Verdict"),
            new TableColumn("Verified"),
            new TableColumn("Repository"),
            new TableColumn("Files", WideOnly: true),
            new TableColumn("Took", WideOnly: true),
            new TableColumn("Source", WideOnly: true));
        foreach (var s in snapshots)
        {
            table.Add(
                s.Id[..8],
                s.Component.ToString().ToLowerInvariant(),
                Time(s.Time),
                Humanize.Age(now - s.Time),
                Humanize.Bytes(s.Bytes),
                Humanize.Bytes(s.BytesStored),
                s.Verdict.ToString().ToLowerInvariant(),
                s.Verified?.ToString().ToLowerInvariant(),
                s.Repository,
                Humanize.Count(s.Files),
                Humanize.Duration(TimeSpan.FromSeconds(s.Seconds)),
                s.Source);
        }

        return table;
    }

    public static TableWriter Of(IReadOnlyList<ListedRecoveryPoint> points, DateTimeOffset now)
    {
        var table = new TableWriter(
            new TableColumn("Id"),
            new TableColumn("Time"),
            new TableColumn("Age", Spare: true),
            new TableColumn("Complete"),
            new TableColumn("Consistent"),
            new TableColumn("Verified"),
            new TableColumn("Postgres", Spare: true),
            new TableColumn("Artifacts", Spare: true),
            new TableColumn("Config", WideOnly: points.All(p => p.Config is null), Spare: true),
            new TableColumn("Repository"),
            new TableColumn("Consistency checked", WideOnly: true));
        foreach (var p in points)
        {
            table.Add(
                p.Id[..8],
                Time(p.Time),
                Humanize.Age(now - p.Time),
                p.Complete ? "yes" : "no",
                Consistent(p),
                p is { Verified: { } level, VerifiedAt: { } at } ? $"{level.ToString().ToLowerInvariant()} {Humanize.Age(now - at)} ago" : "no",
                p.Postgres?[..8],
                p.Artifacts?[..8],
                p.Config?[..8],
                p.Repository,
                p.ConsistencyCheckedAt is { } time ? Time(time) : null);
        }

        return table;
    }

    /// <summary>Nobody has looked, or what could have been judged lies elsewhere: that is no yes.</summary>
    public static string Consistent(ListedRecoveryPoint point) => point switch
    {
        { Consistent: true } => "yes",
        { Consistent: false } => $"NO, {Humanize.Count(point.MissingArtifacts ?? 0)} missing",
        { ConsistencyCheckedAt: not null } => "unknown",
        { Postgres: null } or { Artifacts: null } => "-",
        _ => "not checked",
    };

    private static string Time(DateTimeOffset time) => time.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss'Z'");
}
