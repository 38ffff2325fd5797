using KubectlMlopsBackup.Sources.Import;

namespace KubectlMlopsBackup.UnitTests.Sources.Import;

public sealed class ImportTimeTests
{
    private static readonly DateTimeOffset Modified = new(2026, 3, 1, 3, 4, 5, TimeSpan.Zero);

    [Theory]
    [InlineData("mlflow_20260115_020000.sql.gz", "2026-01-15T02:00:00Z", "name")]
    [InlineData("mlflow_2026-01-15_02-00-00.sql.gz", "2026-01-15T02:00:00Z", "name")]
    [InlineData("mlflow-2026-01-15T02:00:00Z.dump", "2026-01-15T02:00:00Z", "name")]
    [InlineData("mlflow_20260115T0200.sql", "2026-01-15T02:00:00Z", "name")]
    [InlineData("artifacts_20260115020000.tar.gz", "2026-01-15T02:00:00Z", "name")]
    [InlineData("artifacts_2026.01.15.tar", "2026-01-15T00:00:00Z", "name")]
    [InlineData("artifacts_20260301.tar", "2026-03-01T03:04:05Z", "name")]
    [InlineData("mlflow.sql.gz", "2026-03-01T03:04:05Z", "modified")]
    [InlineData("mlflow_20261399.sql.gz", "2026-03-01T03:04:05Z", "modified")]
    [InlineData("mlflow_v2_1234567890123456.sql.gz", "2026-03-01T03:04:05Z", "modified")]
    public void The_name_tells_it_or_else_the_file(string name, string expected, string from)
    {
        Assert.Equal(DateTimeOffset.Parse(expected, null), ImportTime.Of(name, Modified, TimeZoneInfo.Utc, out var told));
        Assert.Equal(from, told);
    }

    [Fact]
    public void A_time_without_a_zone_is_in_that_of_the_plan()
    {
        var berlin = TimeZoneInfo.FindSystemTimeZoneById("Europe/Berlin");

        Assert.Equal(new DateTimeOffset(2026, 7, 15, 0, 0, 0, TimeSpan.Zero), ImportTime.Of("x_20260715_020000.tar", Modified, berlin, out _));
        Assert.Equal(new DateTimeOffset(2026, 7, 15, 2, 0, 0, TimeSpan.Zero), ImportTime.Of("x_20260715T020000Z.tar", Modified, berlin, out _));
    }
}
