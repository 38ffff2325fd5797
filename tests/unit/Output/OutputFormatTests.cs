using KubectlMlopsBackup.Output;

namespace KubectlMlopsBackup.UnitTests.Output;

public sealed class OutputFormatTests
{
    [Theory]
    [InlineData(null, "Table")]
    [InlineData("table", "Table")]
    [InlineData("wide", "Wide")]
    [InlineData("json", "Json")]
    [InlineData("yaml", "Yaml")]
    [InlineData("name", "Name")]
    public void Formats_are_read(string? text, string expected) => Assert.Equal(expected, OutputFormats.Parse(text).ToString());

    [Theory]
    [InlineData("xml")]
    [InlineData("")]
    [InlineData("JSON")]
    [InlineData("0")]
    public void Other_formats_are_a_usage_error(string text)
    {
        var error = Assert.Throws<UserError>(() => OutputFormats.Parse(text));

        Assert.Equal((ExitCode.Usage, $"--output: got \"{text}\""), (error.Code, error.Message));
    }
}
