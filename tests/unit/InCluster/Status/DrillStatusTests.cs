using KubectlMlopsBackup.InCluster.Status;
using KubectlMlopsBackup.Repository.State;
using KubectlMlopsBackup.UnitTests.Configuration;
using static KubectlMlopsBackup.UnitTests.InCluster.Status.StatusWorld;

namespace KubectlMlopsBackup.UnitTests.InCluster.Status;

/// <summary>Drills as <c>status</c> sees them: by their reports, and by their schedule.</summary>
public sealed class DrillStatusTests
{
    private const string Quarterly = "0 6 1 1,4,7,10 *";

    private readonly StatusWorld world = new();

    [Fact]
    public void Where_none_is_scheduled_and_none_was_made_nothing_is_said()
    {
        Assert.Null(world.Report().Drill);
        Assert.Empty(world.Report().Problems);
    }

    [Fact]
    public void One_on_request_that_passed_is_shown_and_is_overdue_after_a_quarter()
    {
        Reported("passed", At(24, 3, 0));
        var drill = world.Report().Drill!;

        Assert.Equal(("passed", 9 * 3600.0, 340.0, 4 * 3600.0, false), (drill.Verdict, drill.AgeSeconds, drill.Seconds, drill.RtoSeconds, drill.Overdue));
        Assert.Empty(world.Report().Problems);

        Reported("passed", Noon.AddDays(-92));
        Assert.False(world.Report().Drill!.Overdue);
        Reported("passed", Noon.AddDays(-94));
        Assert.Equal((StatusSeverity.Warning, StatusProblemKind.DrillOverdue, "the last one was 94d ago, and another was due"), Told(world.Problem()));
        Assert.True(world.Report().Safe);
    }

    [Fact]
    public void What_one_that_died_has_left_is_told_with_what_takes_it_away()
    {
        world.Drills.AddRange(
        [
            new("dr-test", "1", "abcd2345", false, Noon.AddHours(-2)), new("dr-test-2", "2", "bcde2345", true, Noon.AddHours(-2)),
            new("dr-test-3", "3", "cdef2345", false, Noon.AddMinutes(-4)),
        ]);

        Assert.Equal((StatusSeverity.Warning, StatusProblemKind.DrillLeft, "namespace dr-test is left of a drill that died 120m ago"), Told(world.Problem()));
        Assert.Equal("take it away: kubectl mlopsbackup drill --clean -n mlops", world.Problem().Fix);
        Assert.True(world.Report().Safe);
    }

    [Theory]
    [InlineData("failed", 4, "the last one, 9h ago, failed")]
    [InlineData("missed", 4, "the last one, 9h ago, missed the RTO or the RPO")]
    [InlineData("incomplete", 0, "the last one, 9h ago, was incomplete")]
    [InlineData("cancelled", 0, "the last one, 9h ago, was cancelled")]
    public void One_that_did_not_pass_is_told_and_is_not_safe_where_the_platform_did_not_come_back_as_it_must(string verdict, int code, string message)
    {
        Reported(verdict, At(24, 3, 0));

        Assert.Equal((StatusProblemKind.DrillFailed, message), (world.Problem().Kind, world.Problem().Message));
        Assert.Equal(code, world.Report().ExitCode);
        Assert.Contains("report show", world.Problem().Fix, StringComparison.Ordinal);
    }

    [Fact]
    public void By_its_schedule_one_is_due_when_the_CronJob_was_and_a_day_is_given()
    {
        Scheduled(At(1, 0, 0));
        Reported("passed", At(24, 3, 0));
        world.Now = new DateTimeOffset(2027, 1, 2, 5, 0, 0, TimeSpan.Zero);
        Assert.False(world.Report().Drill!.Overdue);

        world.Now = world.Now.AddHours(2);
        Assert.True(world.Report().Drill!.Overdue);
    }

    [Fact]
    public void One_that_was_never_made_is_overdue_only_once_it_was_due()
    {
        Scheduled(At(1, 0, 0));
        Assert.Equal((null, false), (world.Report().Drill!.Verdict, world.Report().Drill!.Overdue));
        Assert.Empty(world.Report().Problems);

        Scheduled(new DateTimeOffset(2026, 9, 1, 0, 0, 0, TimeSpan.Zero));
        Assert.Contains(world.Report().Problems, p => p.Kind == StatusProblemKind.DrillOverdue && p.Message == "one was due, and there never was one");
    }

    [Fact]
    public void A_Job_that_left_a_report_is_judged_by_it_and_one_that_did_not_by_its_end()
    {
        Scheduled(At(1, 0, 0));
        Reported("passed", At(24, 9, 1));
        world.End("drill", At(24, 9, 0), ExitCode.Incomplete, "{}");
        Assert.Empty(world.Report().Problems);

        world.End("drill", At(24, 11, 0), ExitCode.Failed, """{"error":"the API server gave no answer","exitCode":1}""");
        Assert.Equal(
            (StatusSeverity.Error, StatusProblemKind.DrillFailed, "the scheduled one ended without a report 55m ago: the API server gave no answer"), Told(world.Problem()));
    }

    [Fact]
    public void What_the_Job_says_at_its_end_is_known_at_once()
    {
        Scheduled(At(1, 0, 0));
        world.End("drill", At(24, 11, 0), ExitCode.CheckFailed, DrillMessage("failed", At(24, 11, 1)));

        Assert.Equal(("failed", "drill-3"), (world.Report().Drill!.Verdict, world.Report().Drill!.LastRun!.Job));
        Assert.Equal("rows: 9 instead of 10", world.Report().Drill!.LastRun!.Cause);
    }

    [Fact]
    public void A_schedule_that_is_gone_or_suspended_is_a_warning()
    {
        world.Source = Plan.Replace("  encryption:", $"  recovery: {{drill: {{schedule: \"{Quarterly}\"}}}}\n  encryption:", StringComparison.Ordinal);
        Assert.Equal((StatusSeverity.Warning, StatusProblemKind.Missing, "its CronJob is not there"), Told(world.Problem()));

        world.CronJobs["drill"] = Cron("drill", Quarterly, null, suspend: true);
        Assert.Equal(StatusProblemKind.Suspended, world.Problem().Kind);
    }

    [Fact]
    public void From_the_repositories_alone_it_is_the_same()
    {
        var report = RepositoriesStatus.Of(
            Plans.Load(Plan), [InFolder() with { Reports = [new ReportState("drill", Noon.AddDays(-100), "failed", null)] }, InS3()], Noon);

        Assert.Equal(("failed", true), (report.Drill!.Verdict, report.Drill.Overdue));
        Assert.Equal([StatusProblemKind.DrillFailed, StatusProblemKind.DrillOverdue], report.Problems.Where(p => p.Subject == "drill").Select(p => p.Kind));
    }

    private static (StatusSeverity, StatusProblemKind, string) Told(StatusProblem problem) => (problem.Severity, problem.Kind, problem.Message);

    private static string DrillMessage(string verdict, DateTimeOffset time) => System.Text.Json.JsonSerializer.Serialize(
        new KubectlMlopsBackup.Recovery.Reports.DrillOutcome
        {
            Verdict = KubectlMlopsBackup.Recovery.Reports.ReportVerdict.Failed,
            Cause = "rows: 9 instead of 10",
            State = [State(verdict, time) with { Time = time.AddMinutes(5) }],
        },
        KubectlMlopsBackup.Recovery.Reports.ReportJson.Default.DrillOutcome);

    private static RepositoryState State(string verdict, DateTimeOffset time) =>
        InFolder() with { Time = At(24, 11, 59), Reports = [new ReportState("drill", time, verdict, verdict == "passed" ? 340 : null), new ReportState("recover", time.AddHours(1), "passed", 7)] };

    /// <summary>As a backup says that ended last.</summary>
    private void Reported(string verdict, DateTimeOffset time)
    {
        world.Forget();
        world.End("postgres-backup", At(24, 2, 0), ExitCode.Done, Outcome("postgres", At(24, 2, 5)));
        world.End("mlflow-artifacts-backup", At(24, 3, 0), ExitCode.Done, Outcome("artifacts", At(24, 3, 10), State(verdict, time), InS3()));
        world.End("backup-verify", At(22, 4, 0), ExitCode.Done, "[]");
    }

    private void Scheduled(DateTimeOffset since)
    {
        world.Source = Plan.Replace("  encryption:", $"  recovery: {{drill: {{schedule: \"{Quarterly}\"}}}}\n  encryption:", StringComparison.Ordinal);
        world.CronJobs["drill"] = Cron("drill", Quarterly, null) with { Metadata = new KubectlMlopsBackup.Cluster.Models.Metadata { Name = "drill", CreationTimestamp = since } };
    }
}
