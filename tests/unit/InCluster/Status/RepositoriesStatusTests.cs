using KubectlMlopsBackup.InCluster.Status;
using KubectlMlopsBackup.Repository.Snapshots;
using KubectlMlopsBackup.Repository.State;
using KubectlMlopsBackup.UnitTests.Configuration;
using static KubectlMlopsBackup.UnitTests.InCluster.Status.StatusWorld;

namespace KubectlMlopsBackup.UnitTests.InCluster.Status;

public sealed class RepositoriesStatusTests
{
    [Fact]
    public void Fresh_and_whole_is_safe_and_says_nothing_of_schedules()
    {
        var report = Of(InFolder(), InS3());

        Assert.True(report.Safe);
        Assert.Empty(report.Problems);
        Assert.Null(report.Components[0].Schedule);
        Assert.Null(report.Verification);
    }

    [Fact]
    public void An_empty_repository_is_not_safe()
    {
        var empty = new RepositoryState { Repository = "local", Time = Noon };

        var report = Of(empty, empty with { Repository = "offsite" });

        Assert.Equal(4, report.ExitCode);
        Assert.Equal(StatusProblemKind.NeverSucceeded, report.Problems[0].Kind);
    }

    [Fact]
    public void A_repository_that_cannot_be_read_is_that_and_not_an_empty_one()
    {
        var report = Of(new RepositoryState { Repository = "local", Time = Noon, Error = "no route to host" }, InS3());

        Assert.Equal([(StatusProblemKind.Unreadable, "local")], report.Problems.Select(p => (p.Kind, p.Subject)));
    }

    [Fact]
    public void Snapshots_that_are_all_incomplete_are_no_success()
    {
        var state = InFolder() with
        {
            RecoveryPoint = new RecoveryPointState("0123abcd", At(24, 2, 0), false, null),
            Components = [Snapshots(Component.Postgres, At(24, 2, 0)) with { NewestComplete = null }, Snapshots(Component.Artifacts, At(24, 3, 0))],
        };

        var report = Of(state, InS3());

        Assert.Equal(("postgres", "no backup is complete"), report.Problems.Select(p => (p.Subject, p.Message)).First());
    }

    [Fact]
    public void A_configuration_without_a_schedule_is_backed_up_when_it_changes()
    {
        var onRequest = Plan.Replace("  repositories:", "  config: {}\n  repositories:", StringComparison.Ordinal);
        var old = InFolder() with { Components = [.. InFolder().Components, Snapshots(Component.Config, At(1, 0, 0))] };

        var never = RepositoriesStatus.Of(Plans.Load(onRequest), [InFolder(), InS3()], Noon);
        var once = RepositoriesStatus.Of(Plans.Load(onRequest), [old, InS3()], Noon);
        var scheduled = RepositoriesStatus.Of(
            Plans.Load(onRequest.Replace("config: {}", "config: {schedule: \"0 3 * * *\"}", StringComparison.Ordinal)), [old, InS3()], Noon);

        Assert.True(never.Safe);
        Assert.Equal((StatusProblemKind.NeverSucceeded, StatusSeverity.Warning, "config"), never.Problems.Select(p => (p.Kind, p.Severity, p.Subject)).Single());
        Assert.True(once.Safe);
        Assert.False(once.Components[^1].Stale);
        Assert.Contains(scheduled.Problems, p => p is { Kind: StatusProblemKind.Stale, Subject: "config" });
    }

    private static StatusReport Of(params RepositoryState[] states) => RepositoriesStatus.Of(Plans.Load(Plan), states, Noon);
}
