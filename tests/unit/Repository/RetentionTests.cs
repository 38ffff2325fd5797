using CsCheck;
using KubectlMlopsBackup.Repository;
using KubectlMlopsBackup.Repository.Retention;
using KubectlMlopsBackup.Repository.Snapshots;

namespace KubectlMlopsBackup.UnitTests.Repository;

public sealed class RetentionTests
{
    private static readonly DateTimeOffset Now = new(2026, 11, 24, 2, 0, 0, TimeSpan.Zero);

    private static readonly Gen<Snapshot> AnySnapshot = Gen.Select(
        Gen.Int[0, 600 * 24 * 4], Gen.Enum<Component>(), Gen.OneOf("a", "b"), Gen.Bool).Select((quarters, component, plan, complete) =>
        Make(component, Now - TimeSpan.FromMinutes(15 * quarters), plan, complete));

    private static readonly Gen<RetentionPolicy> Policy = Gen.Select(
        Gen.Int[0, 200], Gen.Int[0, 5], Gen.Int[0, 10], Gen.Int[0, 6], Gen.Int[0, 6]).Select((days, last, daily, weekly, monthly) =>
        new RetentionPolicy
        {
            KeepWithin = days == 0 ? null : TimeSpan.FromDays(days),
            KeepLast = last,
            KeepDaily = daily,
            KeepWeekly = weekly,
            KeepMonthly = monthly,
            Zone = TimeZoneInfo.FindSystemTimeZoneById("Europe/Berlin"),
        });

    private static readonly Gen<(SnapshotCatalog Catalog, RetentionPolicy Policy)> World =
        Gen.Select(AnySnapshot.List[1, 40], Gen.Int[0, 1 << 20].List[0, 4], Policy).Select((snapshots, verified, policy) =>
        {
            var distinct = snapshots.DistinctBy(s => (s.Component, s.Plan, s.Time)).ToList();
            return (Catalog(distinct, [.. verified.Select(v => distinct[v % distinct.Count].Id)]), policy);
        });

    [Fact]
    public void The_newest_and_the_newest_complete_always_stay() => World.Sample(
        world =>
        {
            var kept = Kept(world.Catalog, world.Policy);
            return world.Catalog.Snapshots.GroupBy(s => (s.Plan, s.Component)).All(g =>
                kept.Contains(g.MaxBy(s => s.Time)!.Id)
                && (g.Where(s => s.Verdict == Verdict.Complete).MaxBy(s => s.Time) is not { } complete || kept.Contains(complete.Id)));
        },
        iter: 500);

    [Fact]
    public void The_last_verified_recovery_point_stays_whole() => World.Sample(
        world =>
        {
            var kept = Kept(world.Catalog, world.Policy);
            return RecoveryPoint.In(world.Catalog.Snapshots).GroupBy(p => p.Plan).All(plan =>
            {
                var proven = plan.Where(p => p.VerifiedIn(world.Catalog) is not null).ToList();
                var last = proven.FindLast(p => p.Complete) ?? proven.LastOrDefault();
                return last is null || last.Snapshots.All(s => kept.Contains(s.Id));
            });
        },
        iter: 500);

    [Fact]
    public void What_is_restored_with_a_kept_snapshot_is_kept() => World.Sample(
        world =>
        {
            var kept = Kept(world.Catalog, world.Policy);
            return RecoveryPoint.In(world.Catalog.Snapshots)
                .Where(p => kept.Contains((p.Postgres ?? p.Artifacts ?? p.Config)!.Id))
                .All(p => p.Snapshots.All(s => kept.Contains(s.Id)));
        },
        iter: 500);

    [Fact]
    public void A_laxer_policy_keeps_all_that_a_stricter_one_keeps_and_more() => Gen.Select(World, Policy).Sample(
        (world, more) =>
        {
            var strict = world.Policy;
            var lax = strict with
            {
                KeepWithin = (strict.KeepWithin ?? TimeSpan.Zero) + (more.KeepWithin ?? TimeSpan.Zero),
                KeepLast = strict.KeepLast + more.KeepLast,
                KeepDaily = strict.KeepDaily + more.KeepDaily,
                KeepWeekly = strict.KeepWeekly + more.KeepWeekly,
                KeepMonthly = strict.KeepMonthly + more.KeepMonthly,
            };
            return Kept(world.Catalog, strict).IsSubsetOf(Kept(world.Catalog, lax));
        },
        iter: 500);

    [Fact]
    public void Pruning_again_with_the_same_policy_lets_go_no_more() => World.Sample(
        world =>
        {
            var kept = Kept(world.Catalog, world.Policy);
            var rest = world.Catalog with { Snapshots = [.. world.Catalog.Snapshots.Where(s => kept.Contains(s.Id))] };
            return kept.SetEquals(Kept(rest, world.Policy));
        },
        iter: 500);

    [Fact]
    public void Every_decision_has_a_reason_or_goes() => World.Sample(
        world => RetentionRules.Decide(world.Catalog, world.Policy, Now).Count == world.Catalog.Snapshots.Count,
        iter: 50);

    [Theory]
    // The clocks go back at 03:00 on 25 October: the day has 25 hours.
    [InlineData("2026-10-24T21:59:00Z", "2026-10-24")]
    [InlineData("2026-10-24T22:00:00Z", "2026-10-25")]
    [InlineData("2026-10-25T22:59:00Z", "2026-10-25")]
    [InlineData("2026-10-25T23:00:00Z", "2026-10-26")]
    // And forward on 29 March: it has 23.
    [InlineData("2026-03-28T23:00:00Z", "2026-03-29")]
    [InlineData("2026-03-29T21:59:00Z", "2026-03-29")]
    [InlineData("2026-03-29T22:00:00Z", "2026-03-30")]
    public void A_day_is_that_of_the_plans_time_zone(string time, string day)
    {
        var zone = TimeZoneInfo.FindSystemTimeZoneById("Europe/Berlin");
        var noon = DateTime.Parse(day + "T12:00:00", System.Globalization.CultureInfo.InvariantCulture);
        var atNoon = Make(Component.Postgres, new DateTimeOffset(noon, zone.GetUtcOffset(noon)), "a", true);
        var other = Make(Component.Postgres, DateTimeOffset.Parse(time, System.Globalization.CultureInfo.InvariantCulture), "a", true);
        // Of one day only the last is kept, beside the newest, which is next year's.
        var newest = Make(Component.Postgres, Now.AddYears(1), "a", true);
        var kept = Kept(Catalog([atNoon, other, newest], []), new RetentionPolicy { KeepDaily = 10, Zone = zone });
        Assert.Equal(2, kept.Count);
        Assert.Contains(newest.Id, kept);
        Assert.Contains((atNoon.Time > other.Time ? atNoon : other).Id, kept);
    }

    [Fact]
    public void Daily_weekly_and_monthly_keep_the_last_of_each()
    {
        // Two a day for 100 days.
        var all = Enumerable.Range(0, 200)
            .Select(i => Make(Component.Postgres, new DateTimeOffset(2026, 8, 1, 1, 0, 0, TimeSpan.Zero).AddHours(12 * i), "a", true)).ToList();
        string[] KeptTimes(RetentionPolicy policy)
        {
            var kept = Kept(Catalog(all, []), policy);
            return [.. all.Where(s => kept.Contains(s.Id)).Select(s => s.Time.ToString("MM-dd HH", System.Globalization.CultureInfo.InvariantCulture))];
        }

        Assert.Equal(["11-06 13", "11-07 13", "11-08 13"], KeptTimes(new RetentionPolicy { KeepDaily = 3 }));
        // 8 November 2026 is a Sunday, the last day of a week.
        Assert.Equal(["10-25 13", "11-01 13", "11-08 13"], KeptTimes(new RetentionPolicy { KeepWeekly = 3 }));
        Assert.Equal(["09-30 13", "10-31 13", "11-08 13"], KeptTimes(new RetentionPolicy { KeepMonthly = 3 }));
        Assert.Equal(["11-08 01", "11-08 13"], KeptTimes(new RetentionPolicy { KeepLast = 2 }));
    }

    [Fact]
    public void A_recovery_point_has_the_first_artifacts_that_are_not_older_than_its_database()
    {
        var database = Make(Component.Postgres, Now, "a", true);
        var before = Make(Component.Artifacts, Now.AddSeconds(-1), "a", true);
        var at = Make(Component.Artifacts, Now, "a", true);
        var after = Make(Component.Artifacts, Now.AddSeconds(1), "a", true);
        Assert.Same(at, Assert.Single(RecoveryPoint.In([before, at, after, database])).Artifacts);
        Assert.Same(after, Assert.Single(RecoveryPoint.In([before, after, database])).Artifacts);
        var alone = Assert.Single(RecoveryPoint.In([before, database]));
        Assert.Null(alone.Artifacts);
        Assert.False(alone.Complete);
    }

    [Fact]
    public void Recovery_points_are_one_a_leading_snapshot_and_never_mix_plans() => AnySnapshot.List[0, 40].Sample(
        snapshots =>
        {
            var points = RecoveryPoint.In(snapshots);
            return points.All(p => p.Snapshots.All(s => s.Plan == p.Plan)
                    && (p.Postgres is null || p.Artifacts is null || p.Artifacts.Time >= p.Postgres.Time)
                    && (!p.Complete || p.Snapshots.All(s => s.Verdict == Verdict.Complete || (s.Component == Component.Config && p.Snapshots.Any(o => o != s)))))
                && points.Zip(points.Skip(1)).All(p => p.First.Time <= p.Second.Time)
                && snapshots.GroupBy(s => s.Plan).All(plan =>
                    points.Count(p => p.Plan == plan.Key) == plan.Count(s => s.Component == plan.Min(x => x.Component)));
        },
        iter: 500);

    private static HashSet<string> Kept(SnapshotCatalog catalog, RetentionPolicy policy) =>
        [.. RetentionRules.Decide(catalog, policy, Now).Where(d => d.Keep).Select(d => d.Snapshot.Id)];

    private static SnapshotCatalog Catalog(List<Snapshot> snapshots, List<string> verified) => new()
    {
        Snapshots = [.. snapshots.OrderBy(s => s.Time)],
        Keys = snapshots.ToDictionary(s => s.Id, s => s.Id),
        Receipts = [],
        ReceiptKeys = Array.Empty<string>().ToLookup(r => r),
        Verifications = [("verifications/x", new Verification(Now, VerificationLevel.Data, verified))],
        Damaged = [],
    };

    private static Snapshot Make(Component component, DateTimeOffset time, string plan, bool complete)
    {
        var snapshot = new Snapshot
        {
            Format = 1,
            Component = component,
            Time = time,
            Finished = time.AddMinutes(5),
            Plan = plan,
            Source = "s",
            Host = "h",
            Tool = "t",
            Verdict = complete ? Verdict.Complete : Verdict.Incomplete,
            Tree = new TreeRef([], 0),
            Stats = new SnapshotStats(),
        };
        return snapshot with { Id = ChunkId.Of(snapshot.ToJson()).ToString() };
    }
}
