using KubectlMlopsBackup.Recovery.Checks;
using KubectlMlopsBackup.Recovery.Reports;

namespace KubectlMlopsBackup.UnitTests.Recovery.Reports;

public sealed class ReportJudgeTests
{
    [Fact]
    public void What_is_whole_and_in_time_has_passed() => Assert.Equal(
        (ReportVerdict.Passed, ExitCode.Done, 0), Of(Reports.Passed()));

    [Fact]
    public void A_failed_step_is_a_failure() => Assert.Equal(
        (ReportVerdict.Failed, ExitCode.Failed), Head(Reports.Passed() with { Steps = [Step(StepOutcome.Failed, "disk full")] }));

    [Fact]
    public void A_step_that_was_never_run_is_a_failure() => Assert.Equal(
        ReportVerdict.Failed, Head(Reports.Passed() with { Steps = [Step(StepOutcome.NotRun)] }).Verdict);

    [Fact]
    public void A_failed_check_says_that_what_came_back_is_not_right() => Assert.Equal(
        (ReportVerdict.Failed, ExitCode.CheckFailed),
        Head(Reports.Passed() with { Checks = [Reports.Check("api", "http", "503", 1, CheckOutcome.Failed)] }));

    [Fact]
    public void An_error_outweighs_all_that_went_well() => Assert.Equal(
        (ReportVerdict.Failed, ExitCode.Failed), Head(Reports.Passed() with { Error = "the API server went away" }));

    [Fact]
    public void A_second_too_late_is_missed() => Assert.Equal(
        (ReportVerdict.Missed, ExitCode.CheckFailed), Head(Reports.Passed() with { Rto = new Measure(14_401, 14_400) }));

    [Fact]
    public void Too_much_lost_is_missed() => Assert.Equal(
        ReportVerdict.Missed, Head(Reports.Passed() with { Rpo = new Measure(90_000, 86_400) }).Verdict);

    [Fact]
    public void Just_in_time_is_in_time() => Assert.Equal(
        ReportVerdict.Passed, Head(Reports.Passed() with { Rto = new Measure(14_400, 14_400) }).Verdict);

    [Theory]
    [InlineData(CheckOutcome.Warned)]
    [InlineData(CheckOutcome.Skipped)]
    internal void What_is_not_proven_is_incomplete(CheckOutcome outcome) => Assert.Equal(
        (ReportVerdict.Incomplete, ExitCode.Incomplete),
        Head(Reports.Passed() with { Checks = [Reports.Check("api", "http", "not from here", 1, outcome)] }));

    [Fact]
    public void Without_a_check_nothing_is_proven()
    {
        var report = ReportJudge.Judge(Reports.Passed() with { Checks = [] });

        Assert.Equal(ReportVerdict.Incomplete, report.Verdict);
        Assert.Equal(["nothing was checked"], ReportJudge.Reasons(report));
    }

    [Fact]
    public void A_row_that_is_missing_is_incomplete()
    {
        var report = ReportJudge.Judge(Reports.Passed() with { Counts = [new ReportCount("rows", 1_000, 999)] });

        Assert.Equal(ReportVerdict.Incomplete, report.Verdict);
        Assert.Equal(["rows: 999 instead of 1,000"], ReportJudge.Reasons(report));
    }

    [Fact]
    public void Cancelled_is_no_failure() => Assert.Equal(
        (ReportVerdict.Cancelled, ExitCode.Cancelled), Head(Reports.Failed(), cancelled: true));

    [Fact]
    public void The_step_that_failed_is_told_first()
    {
        var reasons = ReportJudge.Reasons(Reports.Failed());

        Assert.StartsWith("step \"restore postgres\" failed: PostgreSQL at postgres:5432 refuses", reasons[0], StringComparison.Ordinal);
        Assert.Contains(reasons, r => r.StartsWith("check \"rows\" failed: the database has no table", StringComparison.Ordinal));
        Assert.StartsWith("Step \"restore postgres\" failed", ReportWords.Headline(Reports.Failed()), StringComparison.Ordinal);
    }

    [Fact]
    public void It_is_compared_with_the_median_of_what_passed() => Assert.Equal(
        "8.6% faster than the median of the last 3 that passed (1m44s).", ReportWords.Comparison(Reports.Passed()));

    private static (ReportVerdict Verdict, ExitCode Code) Head(RecoveryReport report, bool cancelled = false)
    {
        var judged = ReportJudge.Judge(report, cancelled);
        return (judged.Verdict, ReportJudge.Code(judged));
    }

    private static (ReportVerdict Verdict, ExitCode Code, int Reasons) Of(RecoveryReport report) =>
        (report.Verdict, ReportJudge.Code(report), ReportJudge.Reasons(report).Count);

    private static ReportStep Step(StepOutcome outcome, string? detail = null) => new() { Name = "a", Outcome = outcome, Detail = detail };
}
