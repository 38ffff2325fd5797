using CsCheck;
using KubectlMlopsBackup.Configuration;

namespace KubectlMlopsBackup.UnitTests.Configuration;

public sealed class PlanDurationTests
{
    [Theory]
    [InlineData("7d", 7 * 86_400)]
    [InlineData("24h", 86_400)]
    [InlineData("90m", 5_400)]
    [InlineData("1w", 7 * 86_400)]
    [InlineData("30s", 30)]
    [InlineData("1d12h", 129_600)]
    [InlineData("1w1d1h1m1s", 694_861)]
    public void Durations_are_read(string text, long seconds) => Assert.Equal(TimeSpan.FromSeconds(seconds), PlanDuration.Parse(text));

    [Theory]
    [InlineData("")]
    [InlineData("7")]
    [InlineData("d")]
    [InlineData("0d")]
    [InlineData("-1d")]
    [InlineData("1.5h")]
    [InlineData("1h1d")]
    [InlineData("1h1h")]
    [InlineData("1 d")]
    [InlineData("7D")]
    [InlineData("36501d")]
    [InlineData("9999999999w")]
    [InlineData("99999999999s")]
    [InlineData("١d")]
    public void Other_texts_are_refused(string text)
    {
        Assert.False(PlanDuration.TryParse(text, out _));
        Assert.Throws<FormatException>(() => PlanDuration.Parse(text));
    }

    [Fact]
    public void Any_text_is_read_or_refused_but_never_thrown_on_or_out_of_bounds() =>
        Gen.String[Gen.Char["0123456789wdhms -."], 0, 24].Sample(text =>
            !PlanDuration.TryParse(text, out var duration) || (duration > TimeSpan.Zero && duration <= PlanDuration.Longest));
}
