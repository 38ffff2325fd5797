using KubectlMlopsBackup.Repository.Snapshots;

namespace KubectlMlopsBackup.Local;

/// <summary>What <c>--from</c> and <c>--at</c> mean: the newest, the newest not after a time, or an id of a snapshot or recovery point.</summary>
/// <param name="From"><c>latest</c> or the beginning of an id.</param>
/// <param name="At">Null, or the time that is not to be passed.</param>
internal sealed record RestoreSelection(string From, DateTimeOffset? At)
{
    public const string Latest = "latest";

    private bool ByTime => From == Latest;

    /// <summary>The recovery point in the first repository that has it.</summary>
    public (OpenRepository Repository, RecoveryPoint Found) Point(OpenRepositories repositories, string plan) =>
        repositories.First(
            r => ByTime
                ? r.RecoveryPoints.LastOrDefault(p => p.Plan == plan && p.Complete && (At is null || p.Time <= At))
                : Only(r.RecoveryPoints, p => p.Id),
            ByTime ? $"complete recovery point{(At is { } at ? $" at or before {at:u}" : "")}" : $"recovery point {From}");

    /// <summary>A recovery point that has a database and artifacts, though something may have been left out of them.</summary>
    public (OpenRepository Repository, RecoveryPoint Found) Pair(OpenRepositories repositories, string plan) =>
        repositories.First(
            r => ByTime
                ? r.RecoveryPoints.LastOrDefault(
                    p => p is { Postgres: not null, Artifacts: not null } && p.Plan == plan && (At is null || p.Time <= At))
                : Only(r.RecoveryPoints, p => p.Id),
            ByTime ? $"recovery point with a database and artifacts{(At is { } at ? $" at or before {at:u}" : "")}" : $"recovery point {From}");

    /// <summary>A snapshot of a component: its own id, or that of a recovery point it belongs to.</summary>
    public (OpenRepository Repository, Snapshot Found) Snapshot(
        OpenRepositories repositories, Component component, string plan) =>
        repositories.First(
            r => ByTime
                ? r.Catalog.Snapshots.LastOrDefault(
                    s => s.Component == component && s.Plan == plan && (At is null || s.Time <= At))
                : Only(r.Catalog.Snapshots.Where(s => s.Component == component), s => s.Id)
                    ?? Only(r.RecoveryPoints, p => p.Id)?.Snapshots.FirstOrDefault(s => s.Component == component),
            ByTime
                ? $"{component.ToString().ToLowerInvariant()} snapshot{(At is { } at ? $" at or before {at:u}" : "")}"
                : $"{component.ToString().ToLowerInvariant()} snapshot {From}");

    private T? Only<T>(IEnumerable<T> all, Func<T, string> id)
        where T : class
    {
        if (From.Length < 4)
        {
            throw new UserError($"--from {From} is too short to be an id", "give at least 4 digits, or latest", ExitCode.Usage);
        }

        var matches = all.Where(x => id(x).StartsWith(From, StringComparison.OrdinalIgnoreCase)).Take(2).ToList();
        return matches.Count < 2
            ? matches.FirstOrDefault()
            : throw new UserError($"--from {From} fits several ids", "give more digits", ExitCode.Usage);
    }
}
