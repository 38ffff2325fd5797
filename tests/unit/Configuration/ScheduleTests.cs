namespace KubectlMlopsBackup.UnitTests.Configuration;

public sealed class ScheduleTests
{
    [Theory]
    [InlineData("0 2 * * *", "Etc/UTC")]
    [InlineData("*/15 * * * *", "Etc/UTC")]
    [InlineData("0 2,14 * * MON-SUN", "Etc/UTC")]
    [InlineData("30 2 * * *", "Europe/Berlin")]
    [InlineData("0 2 1 * 0", "Etc/UTC")]
    public void A_schedule_that_meets_the_rpo_is_taken(string schedule, string zone) =>
        Assert.Equal(schedule, Plans.Load(Plan(schedule, zone)).Spec.Postgres!.Schedule);

    [Theory]
    [InlineData("daily", "wants five cron fields")]
    [InlineData("@daily", "wants five cron fields")]
    [InlineData("0 2 * *", "wants five cron fields")]
    [InlineData("0 0 2 * * *", "wants five cron fields")]
    [InlineData("61 2 * * *", "wants five cron fields")]
    [InlineData("0 2 L * *", "\"L\" is not understood by Kubernetes")]
    [InlineData("0 2 * * 1#2", "\"1#2\" is not understood by Kubernetes")]
    [InlineData("0 2 * * 7", "Sunday is 0")]
    [InlineData("0 22-2 * * *", "\"22-2\" runs backwards")]
    [InlineData("0 0 30 2 *", "this day never exists")]
    [InlineData("0 2 * * 1-5", "this schedule leaves 72h between two")]
    [InlineData("0 2 */2 * *", "this schedule leaves 48h between two")]
    public void A_schedule_that_makes_no_sense_is_refused(string schedule, string expected)
    {
        var message = Plans.Refused(Plan(schedule, "Etc/UTC"));

        Assert.Contains($"spec.postgres.schedule: got \"{schedule}\"", message, StringComparison.Ordinal);
        Assert.Contains(expected, message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_longer_rpo_allows_a_rarer_schedule()
    {
        var plan = Plan("0 2 * * 1-5", "Etc/UTC").With("spec:", "spec:\n  recovery: {rpo: 3d}");

        Assert.Equal("3d", Plans.Load(plan).Spec.Recovery.Rpo);
    }

    private static string Plan(string schedule, string zone) => Plans.Minimal.With(
        "user: mlflow", $"user: mlflow\n    schedule: \"{schedule}\"\n  timeZone: {zone}");
}
