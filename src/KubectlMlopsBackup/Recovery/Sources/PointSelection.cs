using System.Security.Cryptography;
using KubectlMlopsBackup.Local;

namespace KubectlMlopsBackup.Recovery.Sources;

/// <summary>Which recovery point is gone back to.</summary>
/// <param name="Id">The first digits of its id; null for the newest that fits.</param>
/// <param name="At">The newest not after it; null for the newest of all.</param>
/// <param name="Random">Any: over the drills, all of them are tried in time.</param>
internal sealed record PointSelection(string? Id, DateTimeOffset? At, bool Random)
{
    private const int ShortestId = 4;

    /// <param name="points">Of every repository that was read.</param>
    /// <param name="plan">Only points of this plan.</param>
    /// <param name="reachable">Names of the repositories that the pods which restore can reach, best first.</param>
    /// <exception cref="UserError">None fits, or several do.</exception>
    public ListedRecoveryPoint Choose(IReadOnlyList<ListedRecoveryPoint> points, string plan, IReadOnlyList<string> reachable)
    {
        var here = points.Where(p => p.Plan == plan && reachable.Contains(p.Repository)).ToList();
        if (Id is not null)
        {
            return Only(here, points, reachable);
        }

        var fit = here.Where(p => p.Complete && (At is null || p.Time <= At)).ToList();
        if (fit.Count == 0)
        {
            throw new UserError(
                $"there is no complete recovery point of plan {plan}{(At is { } at ? $" at or before {at:u}" : "")} in {string.Join(", ", reachable)}",
                here.Count > 0 ? "incomplete ones are only taken by their id; see: kubectl mlopsbackup list --points"
                    : points.Any(p => p.Plan == plan && p.Complete) ? "they are in other repositories; bring them there with: kubectl mlopsbackup mirror"
                    : "make one with: kubectl mlopsbackup backup all");
        }

        var newest = fit.Max(p => p.Time);
        var chosen = Random ? fit[RandomNumberGenerator.GetInt32(fit.Count)] : fit.First(p => p.Time == newest);
        return Best(fit, chosen.Id, reachable);
    }

    private ListedRecoveryPoint Only(List<ListedRecoveryPoint> here, IReadOnlyList<ListedRecoveryPoint> all, IReadOnlyList<string> reachable)
    {
        if (Id!.Length < ShortestId)
        {
            throw new UserError($"--point {Id} is too short to be an id", $"give at least {ShortestId} digits", ExitCode.Usage);
        }

        bool Fits(ListedRecoveryPoint p) => p.Id.StartsWith(Id, StringComparison.OrdinalIgnoreCase);
        var ids = here.Where(Fits).Select(p => p.Id).Distinct().ToList();
        return ids.Count switch
        {
            1 => Best(here, ids[0], reachable),
            0 => throw new UserError(
                $"there is no recovery point {Id} that can be restored from here",
                all.Any(Fits) ? "it is of another plan, or in a repository that the new namespace's pods cannot reach; bring it there with: kubectl mlopsbackup mirror" : "kubectl mlopsbackup list --points shows what there is"),
            _ => throw new UserError($"--point {Id} fits several ids", "give more digits", ExitCode.Usage),
        };
    }

    /// <summary>The same point may lie in several repositories, and not in each with the configuration that a platform is rebuilt from.</summary>
    private static ListedRecoveryPoint Best(IEnumerable<ListedRecoveryPoint> points, string id, IReadOnlyList<string> reachable) =>
        points.Where(p => p.Id == id).OrderBy(p => p.Config is null).ThenBy(p => Rank(reachable, p)).First();

    private static int Rank(IReadOnlyList<string> reachable, ListedRecoveryPoint point)
    {
        for (var i = 0; i < reachable.Count; i++)
        {
            if (reachable[i] == point.Repository)
            {
                return i;
            }
        }

        return int.MaxValue;
    }
}
