using KubectlMlopsBackup.Sources.Postgres;

namespace KubectlMlopsBackup.UnitTests.Sources.Postgres;

public sealed class FirstFailureTests
{
    [Fact]
    public async Task The_first_failure_stops_the_others_and_is_the_one_thrown()
    {
        using var stop = new CancellationTokenSource();
        var waiting = Task.Delay(Timeout.Infinite, stop.Token);
        var failing = Task.FromException(new InvalidDataException("first"));
        await Assert.ThrowsAsync<InvalidDataException>(() => FirstFailure.OrAllAsync([waiting, failing], [], stop));
        Assert.True(waiting.IsCanceled);
    }

    [Fact]
    public async Task A_companion_that_fails_fails_the_work()
    {
        using var stop = new CancellationTokenSource();
        var companion = Task.FromException(new InvalidDataException("companion"));
        await Assert.ThrowsAsync<InvalidDataException>(
            () => FirstFailure.OrAllAsync([Task.Delay(Timeout.Infinite, stop.Token)], [companion], stop));
    }

    [Fact]
    public async Task Companions_are_stopped_when_the_work_is_done()
    {
        using var stop = new CancellationTokenSource();
        var companion = Task.Delay(Timeout.Infinite, stop.Token);
        await FirstFailure.OrAllAsync([Task.CompletedTask], [companion], stop);
        Assert.True(companion.IsCanceled);
    }
}
