using KubectlMlopsBackup.Output;

namespace KubectlMlopsBackup.UnitTests.Output;

public sealed class TerminalTests
{
    [Theory]
    [InlineData(false, "xterm", null, true, true)]
    [InlineData(false, "xterm", "", true, true)]
    [InlineData(false, "xterm", "1", true, false)]
    [InlineData(false, "dumb", null, false, false)]
    [InlineData(true, "xterm", null, false, false)]
    public void Colour_needs_a_terminal_and_no_NO_COLOR(bool redirected, string term, string? noColor, bool isTerminal, bool hasColor)
    {
        var terminal = Terminal.Detect(redirected, name => name switch { "TERM" => term, "NO_COLOR" => noColor, _ => null });

        Assert.Equal(new Terminal(isTerminal, hasColor), terminal);
    }

    [Theory]
    [InlineData("always", true, "1", true)]
    [InlineData("never", false, null, false)]
    [InlineData("auto", false, null, true)]
    [InlineData("auto", false, "1", false)]
    public void The_flag_counts_over_terminal_and_NO_COLOR(string color, bool redirected, string? noColor, bool hasColor) => Assert.Equal(
        hasColor,
        Terminal.Detect(redirected, name => name switch { "TERM" => "xterm", "NO_COLOR" => noColor, _ => null }, color).HasColor);

    [Fact]
    public void Paint_adds_codes_only_where_there_is_colour()
    {
        Assert.Equal("\u001b[31mbad\u001b[0m", new Paint(true).Red("bad"));
        Assert.Equal("bad", new Paint(false).Red("bad"));
    }
}
