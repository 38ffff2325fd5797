using System.Globalization;
using KubectlMlopsBackup.Repository.Snapshots;

namespace KubectlMlopsBackup.Repository.Retention;

/// <summary>Applies a policy to a repository. Pure.</summary>
internal static class RetentionRules
{
    /// <summary>
    /// Whatever the policy says, these stay: the newest snapshot of each component of each plan, the newest complete one, and the
    /// snapshots of the last verified recovery point. What is restored together is kept together.
    /// </summary>
    public static IReadOnlyList<RetentionDecision> Decide(
        SnapshotCatalog catalog, RetentionPolicy policy, DateTimeOffset now)
    {
        var reasons = catalog.Snapshots.ToDictionary(s => s.Id, _ => new List<string>());
        foreach (var group in catalog.Snapshots.GroupBy(s => (s.Plan, s.Component)))
        {
            var newestFirst = group.OrderByDescending(s => s.Time).ThenByDescending(s => s.Finished).ToList();
            ApplyRules(newestFirst, policy, now, reasons);
            reasons[newestFirst[0].Id].Add("newest");
            if (newestFirst.Find(s => s.Verdict == Verdict.Complete) is { } complete)
            {
                reasons[complete.Id].Add("newest complete");
            }
        }

        KeepTogether(catalog, reasons);
        return [.. catalog.Snapshots.Select(s => new RetentionDecision(s, [.. reasons[s.Id].Distinct()]))];
    }

    private static void ApplyRules(
        List<Snapshot> newestFirst, RetentionPolicy policy, DateTimeOffset now, Dictionary<string, List<string>> reasons)
    {
        foreach (var snapshot in newestFirst.Where(s => policy.KeepWithin is { } within && now - s.Time <= within))
        {
            reasons[snapshot.Id].Add("within");
        }

        foreach (var snapshot in newestFirst.Take(policy.KeepLast))
        {
            reasons[snapshot.Id].Add("last");
        }

        KeepOnePer(newestFirst, policy.KeepDaily, "daily", reasons, s => Local(s, policy).ToString("yyyyMMdd", CultureInfo.InvariantCulture));
        KeepOnePer(newestFirst, policy.KeepWeekly, "weekly", reasons, s =>
            $"{ISOWeek.GetYear(Local(s, policy))}-{ISOWeek.GetWeekOfYear(Local(s, policy))}");
        KeepOnePer(newestFirst, policy.KeepMonthly, "monthly", reasons, s => Local(s, policy).ToString("yyyyMM", CultureInfo.InvariantCulture));
    }

    private static void KeepOnePer(
        List<Snapshot> newestFirst,
        int count,
        string reason,
        Dictionary<string, List<string>> reasons,
        Func<Snapshot, string> period)
    {
        foreach (var snapshot in newestFirst.DistinctBy(period).Take(count))
        {
            reasons[snapshot.Id].Add(reason);
        }
    }

    private static void KeepTogether(SnapshotCatalog catalog, Dictionary<string, List<string>> reasons)
    {
        var points = RecoveryPoint.In(catalog.Snapshots);
        foreach (var plan in points.GroupBy(p => p.Plan))
        {
            // Where none is complete (a socket among the artifacts is enough), the last that was proven is better than nothing.
            var proven = plan.Where(p => p.VerifiedIn(catalog) is not null).ToList();
            if ((proven.FindLast(p => p.Complete) ?? proven.LastOrDefault()) is { } verified)
            {
                foreach (var member in verified.Snapshots)
                {
                    reasons[member.Id].Add("last verified recovery point");
                }
            }
        }

        foreach (var point in points)
        {
            var lead = point.Postgres ?? point.Artifacts ?? point.Config!;
            if (reasons[lead.Id].Count == 0)
            {
                continue;
            }

            foreach (var member in point.Snapshots.Where(m => m != lead))
            {
                reasons[member.Id].Add("of a kept recovery point");
            }
        }
    }

    private static DateTime Local(Snapshot snapshot, RetentionPolicy policy) =>
        TimeZoneInfo.ConvertTime(snapshot.Time, policy.Zone).DateTime;
}
