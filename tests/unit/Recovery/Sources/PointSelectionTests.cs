using KubectlMlopsBackup.Local;
using KubectlMlopsBackup.Recovery.Sources;

namespace KubectlMlopsBackup.UnitTests.Recovery.Sources;

public sealed class PointSelectionTests
{
    private static readonly string[] Reachable = ["near", "far"];

    private static readonly ListedRecoveryPoint[] Points =
    [
        Point("aaaa1111", "far", 1), Point("aaaa1111", "near", 1), Point("aaaa2222", "near", 2), Point("bbbb3333", "far", 3),
        Point("cccc4444", "local", 4), Point("dddd5555", "near", 5) with { Complete = false }, Point("eeee6666", "near", 6) with { Plan = "another" },
    ];

    [Fact]
    public void The_newest_complete_one_that_can_be_reached_is_taken() => Assert.Equal("bbbb3333", Choose(null, null).Id);

    [Fact]
    public void The_newest_not_after_a_time_is_taken_from_the_best_repository()
    {
        var chosen = Choose(null, 1);

        Assert.Equal(("aaaa1111", "near"), (chosen.Id, chosen.Repository));
    }

    [Fact]
    public void The_repository_that_has_the_configuration_too_comes_before_the_nearer_one()
    {
        ListedRecoveryPoint[] points = [Point("aaaa1111", "near", 1), Point("aaaa1111", "far", 1) with { Config = "c0ffee" }];

        Assert.Equal("far", new PointSelection(null, null, false).Choose(points, "plan", Reachable).Repository);
        Assert.Equal("far", new PointSelection("aaaa", null, false).Choose(points, "plan", Reachable).Repository);
    }

    [Fact]
    public void An_incomplete_one_is_taken_by_its_id() => Assert.Equal("dddd5555", Choose("dddd", null).Id);

    [Theory]
    [InlineData("aaaa", "fits several")]
    [InlineData("cccc", "cannot be restored", "no recovery point")]
    [InlineData("ffff", "no recovery point")]
    [InlineData("aaa", "too short")]
    public void An_id_that_is_not_one_is_refused(string id, params string[] says)
    {
        var e = Assert.Throws<UserError>(() => Choose(id, null));

        Assert.Contains(says, s => e.Message.Contains(s, StringComparison.Ordinal));
        Assert.NotNull(e.Fix);
    }

    [Fact]
    public void Where_there_is_none_the_error_says_why()
    {
        Assert.Contains("mirror", Assert.Throws<UserError>(() => new PointSelection(null, null, false).Choose(Points, "plan", ["empty"])).Fix, StringComparison.Ordinal);
        Assert.Contains("at or before", Assert.Throws<UserError>(() => Choose(null, 0)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_random_one_is_complete_and_reachable()
    {
        var chosen = Enumerable.Range(0, 200).Select(_ => new PointSelection(null, null, true).Choose(Points, "plan", Reachable).Id).ToHashSet();

        Assert.Equal(["aaaa1111", "aaaa2222", "bbbb3333"], chosen.Order(StringComparer.Ordinal));
    }

    private static ListedRecoveryPoint Choose(string? id, int? day) =>
        new PointSelection(id, day is { } at ? DateTimeOffset.UnixEpoch.AddDays(at) : null, false).Choose(Points, "plan", Reachable);

    private static ListedRecoveryPoint Point(string id, string repository, int day) => new()
    {
        Id = id,
        Repository = repository,
        Plan = "plan",
        Time = DateTimeOffset.UnixEpoch.AddDays(day),
        Complete = true,
    };
}
