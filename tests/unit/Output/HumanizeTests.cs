using KubectlMlopsBackup.Output;

namespace KubectlMlopsBackup.UnitTests.Output;

public sealed class HumanizeTests
{
    [Theory]
    [InlineData(0, "0 B")]
    [InlineData(1_023, "1023 B")]
    [InlineData(1_024, "1.0 KiB")]
    [InlineData(1_288_490_189, "1.2 GiB")]
    [InlineData(1_048_575, "1.0 MiB")]
    [InlineData(long.MaxValue, "8.0 EiB")]
    [InlineData(long.MinValue, "-8.0 EiB")]
    [InlineData(-1_536, "-1.5 KiB")]
    public void Bytes_are_binary_units(long bytes, string expected) => Assert.Equal(expected, Humanize.Bytes(bytes));

    [Theory]
    [InlineData(0, "0")]
    [InlineData(1_234_567, "1,234,567")]
    public void Counts_have_thousands(long count, string expected) => Assert.Equal(expected, Humanize.Count(count));

    [Theory]
    [InlineData(0, "0 B/s")]
    [InlineData(0.4, "0 B/s")]
    [InlineData(12_897_484.8, "12.3 MiB/s")]
    public void Rates_are_bytes_a_second(double rate, string expected) => Assert.Equal(expected, Humanize.Rate(rate));

    [Theory]
    [InlineData(0, "0%")]
    [InlineData(0.00001, "0.1%")]
    [InlineData(0.125, "12.5%")]
    [InlineData(0.99999, "99.9%")]
    [InlineData(1, "100%")]
    public void Percent_does_not_claim_to_be_done_before_it_is(double part, string expected) => Assert.Equal(expected, Humanize.Percent(part));

    [Theory]
    [InlineData(0, "0ms")]
    [InlineData(0.34, "340ms")]
    [InlineData(0.9996, "1.0s")]
    [InlineData(4.24, "4.2s")]
    [InlineData(9.96, "10s")]
    [InlineData(59.6, "1m")]
    [InlineData(192, "3m12s")]
    [InlineData(3_599.6, "1h")]
    [InlineData(7_500, "2h5m")]
    [InlineData(273_600, "3d4h")]
    [InlineData(-192, "-3m12s")]
    public void Durations_have_two_units_at_most(double seconds, string expected) => Assert.Equal(expected, Humanize.Duration(TimeSpan.FromSeconds(seconds)));

    // From k8s.io/apimachinery/pkg/util/duration/duration_test.go.
    [Theory]
    [InlineData(-2, "<invalid>")]
    [InlineData(-1, "0s")]
    [InlineData(1, "1s")]
    [InlineData(70, "70s")]
    [InlineData(190, "3m10s")]
    [InlineData(70 * 60, "70m")]
    [InlineData(47 * 3_600, "47h")]
    [InlineData(49 * 3_600, "2d1h")]
    [InlineData((8 * 24 + 2) * 3_600, "8d")]
    [InlineData(367L * 24 * 3_600, "367d")]
    [InlineData((365L * 2 + 25) * 24 * 3_600, "2y25d")]
    [InlineData((365L * 8 + 2) * 24 * 3_600, "8y")]
    [InlineData(5 * 24 * 3_600, "5d")]
    public void Ages_are_kubectls(long seconds, string expected) => Assert.Equal(expected, Humanize.Age(TimeSpan.FromSeconds(seconds)));
}
