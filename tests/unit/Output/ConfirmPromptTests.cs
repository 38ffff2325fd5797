using KubectlMlopsBackup.Output;

namespace KubectlMlopsBackup.UnitTests.Output;

public sealed class ConfirmPromptTests : IDisposable
{
    private readonly StringWriter _error = new();

    public void Dispose() => _error.Dispose();

    [Theory]
    [InlineData("y\n")]
    [InlineData("Y\n")]
    [InlineData(" yes \n")]
    public async Task Yes_goes_on(string answer)
    {
        await Ask(answer);

        Assert.Equal("This will replace the database mlflow. Go on? [y/N] ", _error.ToString());
    }

    [Theory]
    [InlineData("n\n")]
    [InlineData("\n")]
    [InlineData("")]
    [InlineData("yep\n")]
    public async Task Anything_else_is_no(string answer)
    {
        var error = await Assert.ThrowsAsync<UserError>(() => Ask(answer));

        Assert.Equal((ExitCode.Cancelled, "not confirmed, nothing was changed"), (error.Code, error.Message));
    }

    [Fact]
    public async Task Without_a_terminal_yes_must_be_said_by_flag()
    {
        var error = await Assert.ThrowsAsync<UserError>(() => Ask("y\n", interactive: false));

        Assert.Equal(ExitCode.Usage, error.Code);
        Assert.Contains("--yes", error.Fix, StringComparison.Ordinal);
        Assert.Equal("", _error.ToString());
    }

    [Fact]
    public async Task The_flag_asks_nothing()
    {
        await Ask("", interactive: false, assumeYes: true);

        Assert.Equal("", _error.ToString());
    }

    [Fact]
    public async Task Cancelling_ends_the_wait()
    {
        using var cancel = new CancellationTokenSource();
        using var never = new ManualResetEventSlim();
        var asked = new ConfirmPrompt(new BlockingReader(never), _error, interactive: true).RequireAsync("x", false, cancel.Token);

        await cancel.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => asked);
        never.Set();
    }

    private Task Ask(string answer, bool interactive = true, bool assumeYes = false) =>
        new ConfirmPrompt(new StringReader(answer), _error, interactive)
            .RequireAsync("replace the database mlflow", assumeYes, TestContext.Current.CancellationToken);

    private sealed class BlockingReader(ManualResetEventSlim until) : TextReader
    {
        public override string? ReadLine()
        {
            until.Wait(TestContext.Current.CancellationToken);
            return null;
        }
    }
}
