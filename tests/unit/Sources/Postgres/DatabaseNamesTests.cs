using System.Text;
using CsCheck;
using KubectlMlopsBackup.Sources.Postgres;

namespace KubectlMlopsBackup.UnitTests.Sources.Postgres;

public sealed class DatabaseNamesTests
{
    private static readonly DateTimeOffset Now = new(2026, 11, 24, 3, 15, 0, TimeSpan.FromHours(2));

    [Fact]
    public void Names_say_what_they_are_and_when_in_utc()
    {
        Assert.Equal("mlflow_restore_20261124T011500Z", DatabaseNames.Scratch("mlflow", Now));
        Assert.Equal("mlflow_before_20261124T011500Z", DatabaseNames.Before("mlflow", Now));
    }

    [Fact]
    public void Names_fit_the_server_and_are_recognized() =>
        Gen.String[1, 63].Sample(name =>
        {
            var before = DatabaseNames.Before(name, Now);
            var scratch = DatabaseNames.Scratch(name, Now);
            return Encoding.UTF8.GetByteCount(before) <= 63 && Encoding.UTF8.GetByteCount(scratch) <= 63
                && DatabaseNames.IsBefore(before, name) && DatabaseNames.IsScratch(scratch, name)
                && !DatabaseNames.IsBefore(scratch, name) && !DatabaseNames.IsBefore(name, name);
        });

    [Fact]
    public void Two_long_names_with_the_same_beginning_stay_two()
    {
        var stem = new string('x', 60);
        Assert.NotEqual(DatabaseNames.Before(stem + "a", Now), DatabaseNames.Before(stem + "b", Now));
    }

    [Theory]
    [InlineData("mlflow_before_20261124T011500Z", true)]
    [InlineData("mlflow_before_20261124T011500Z\n", false)]
    [InlineData("mlflow_before_christmas", false)]
    [InlineData("mlflow2_before_20261124T011500Z", false)]
    [InlineData("mlflow_before_20261124T011500Z_old", false)]
    [InlineData("mlflow", false)]
    public void Only_what_a_restore_named_so_is_taken_for_a_previous_database(string name, bool expected) =>
        Assert.Equal(expected, DatabaseNames.IsBefore(name, "mlflow"));
}
