using KubectlMlopsBackup.InCluster.Status;

namespace KubectlMlopsBackup.UnitTests.InCluster.Status;

public sealed class CronScheduleTests
{
    [Fact]
    public void A_schedule_is_read_in_its_time_zone()
    {
        var summer = new DateTimeOffset(2026, 7, 1, 12, 0, 0, TimeSpan.Zero);

        Assert.Equal(new DateTimeOffset(2026, 7, 2, 0, 0, 0, TimeSpan.Zero), CronSchedule.Parse("0 2 * * *", "Europe/Berlin")!.After(summer));
    }

    [Fact]
    public void Of_a_day_and_a_weekday_either_will_do_as_in_Kubernetes()
    {
        // The 13th, or a Friday; 1 July 2026 is a Wednesday.
        var cron = CronSchedule.Parse("0 2 13 * 5", null)!;
        var first = cron.After(new DateTimeOffset(2026, 7, 1, 12, 0, 0, TimeSpan.Zero));
        var monday = cron.After(new DateTimeOffset(2026, 7, 11, 0, 0, 0, TimeSpan.Zero));

        Assert.Equal((3, 13), (first!.Value.Day, monday!.Value.Day));
    }

    [Theory]
    [InlineData("0 2 * * *", "Mars/Olympus")]
    [InlineData("@daily", null)]
    [InlineData("a b c d e", null)]
    public void What_cannot_be_worked_out_is_null(string schedule, string? zone) => Assert.Null(CronSchedule.Parse(schedule, zone));
}
