using KubectlMlopsBackup.Repository;
using KubectlMlopsBackup.Repository.Snapshots;

namespace KubectlMlopsBackup.UnitTests.Repository;

/// <summary>What the configuration has to do with recovery points.</summary>
public sealed class RecoveryPointConfigTests
{
    private static readonly DateTimeOffset Night = new(2026, 11, 26, 2, 0, 0, TimeSpan.Zero);

    [Fact]
    public void The_nearest_configuration_belongs_to_a_point_and_its_gaps_do_not_make_the_data_incomplete()
    {
        var point = Assert.Single(RecoveryPoint.In(
        [
            Of(Component.Postgres, 0), Of(Component.Artifacts, 1), Of(Component.Config, -30), Of(Component.Config, 2, Verdict.Incomplete),
        ]));

        Assert.True(point.Complete);
        Assert.Equal(Night.AddHours(2), point.Config!.Time);
    }

    [Fact]
    public void A_point_without_a_configuration_is_whole() =>
        Assert.True(Assert.Single(RecoveryPoint.In([Of(Component.Postgres, 0), Of(Component.Artifacts, 1)])).Complete);

    [Fact]
    public void A_nearer_configuration_that_comes_later_does_not_change_the_id()
    {
        Snapshot[] before = [Of(Component.Postgres, 0), Of(Component.Artifacts, 1), Of(Component.Config, -30)];
        var point = Assert.Single(RecoveryPoint.In(before));

        var later = Assert.Single(RecoveryPoint.In([.. before, Of(Component.Config, 2)]));

        Assert.NotEqual(point.Config!.Id, later.Config!.Id);
        Assert.Equal(point.Id, later.Id);
        Assert.NotEqual(point.Id, Assert.Single(RecoveryPoint.In([Of(Component.Postgres, 0), Of(Component.Artifacts, 3)])).Id);
    }

    [Fact]
    public void Points_of_configuration_alone_have_an_id_each() =>
        Assert.Equal(2, RecoveryPoint.In([Of(Component.Config, 0), Of(Component.Config, 24)]).Select(p => p.Id).Distinct().Count());

    [Fact]
    public void A_plan_of_configuration_alone_goes_back_to_that() => Assert.Equal(
        [true, false], RecoveryPoint.In([Of(Component.Config, 0), Of(Component.Config, 24, Verdict.Incomplete)]).Select(p => p.Complete));

    private static Snapshot Of(Component component, int hours, Verdict verdict = Verdict.Complete)
    {
        var snapshot = new Snapshot
        {
            Format = 1,
            Component = component,
            Time = Night.AddHours(hours),
            Finished = Night.AddHours(hours),
            Plan = "mlops",
            Source = "test",
            Host = "test",
            Tool = "1",
            Verdict = verdict,
            Tree = new TreeRef([], 0),
            Stats = new SnapshotStats(),
        };
        return snapshot with { Id = ChunkId.Of(snapshot.ToJson()).ToString() };
    }
}
