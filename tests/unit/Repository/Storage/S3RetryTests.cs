using KubectlMlopsBackup.Repository.Storage;
using Microsoft.Extensions.Time.Testing;

namespace KubectlMlopsBackup.UnitTests.Repository.Storage;

public sealed class S3RetryTests
{
    /// <summary>The fake clock runs ahead of the thread pool, so the total time is only looked at where it is the point.</summary>
    private static readonly S3RetryOptions Patient = new() { Total = TimeSpan.FromDays(3650) };

    private readonly FakeTimeProvider _time = new() { AutoAdvanceAmount = TimeSpan.FromMilliseconds(1) };
    private int _tries;

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_passing_fault_is_repeated_until_it_passes()
    {
        var retry = Retry(Patient);
        var result = await Drive(retry.RunAsync(
            _ => ++_tries < 4 ? throw new IOException("reset") : Task.FromResult(42), Token));

        Assert.Equal(42, result);
        Assert.Equal(4, _tries);
    }

    [Fact]
    public async Task What_cannot_pass_here_is_not_repeated()
    {
        var retry = Retry(Patient, failure => failure.Message == "for good");
        var failure = await Assert.ThrowsAsync<IOException>(() => Drive(retry.RunAsync<int>(
            _ => throw new IOException(++_tries < 3 ? "reset" : "for good"), Token)));

        Assert.Equal(("for good", 3), (failure.Message, _tries));
    }

    [Fact]
    public async Task The_last_failure_comes_out_after_the_last_try()
    {
        var retry = Retry(Patient with { Tries = 5 });
        var failure = await Assert.ThrowsAsync<IOException>(() => Drive(retry.RunAsync<int>(
            _ => throw new IOException($"reset {++_tries}"), Token)));

        Assert.Equal("reset 5", failure.Message);
    }

    [Fact]
    public async Task No_try_begins_after_the_total_time()
    {
        var retry = Retry(new S3RetryOptions { Tries = 100, Total = TimeSpan.FromMinutes(2) });
        await Assert.ThrowsAsync<IOException>(() => Drive(retry.RunAsync<int>(
            _ =>
            {
                _tries++;
                _time.Advance(TimeSpan.FromSeconds(50));
                throw new IOException("reset");
            },
            Token)));

        Assert.Equal(3, _tries);
    }

    [Fact]
    public async Task An_endpoint_that_never_answered_is_given_up_sooner()
    {
        var unreachable = new HttpRequestException(HttpRequestError.NameResolutionError, "no such host");
        var retry = Retry(Patient);
        await Assert.ThrowsAsync<HttpRequestException>(() => Drive(retry.RunAsync<int>(
            _ => throw (_tries++ < 0 ? null! : unreachable), Token)));
        Assert.Equal(Patient.TriesBeforeFirstAnswer, _tries);

        await Drive(retry.RunAsync(_ => Task.FromResult(0), Token));
        _tries = 0;
        await Assert.ThrowsAsync<HttpRequestException>(() => Drive(retry.RunAsync<int>(
            _ => throw (_tries++ < 0 ? null! : unreachable), Token)));
        Assert.Equal(Patient.Tries, _tries);
    }

    [Fact]
    public async Task A_stall_is_a_fault_and_progress_is_not_a_stall()
    {
        var retry = Retry(Patient with { Stall = TimeSpan.FromSeconds(30) });
        var result = await retry.RunAsync(
            guard =>
            {
                for (var i = 0; i < 10; i++)
                {
                    _time.Advance(TimeSpan.FromSeconds(20));
                    guard.Token.ThrowIfCancellationRequested();
                    guard.Progress();
                }

                return Task.FromResult(true);
            },
            Token);
        Assert.True(result);

        var once = Retry(Patient with { Tries = 2, Stall = TimeSpan.FromSeconds(30) });
        await Assert.ThrowsAsync<TimeoutException>(() => Drive(once.RunAsync<bool>(
            async guard =>
            {
                _tries++;
                await Task.Delay(Timeout.Infinite, guard.Token);
                return false;
            },
            Token)));
        Assert.Equal(2, _tries);
    }

    [Fact]
    public async Task Cancelling_wins_over_retrying()
    {
        using var stop = new CancellationTokenSource();
        var retry = Retry(Patient);
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => retry.RunAsync<int>(
            _ =>
            {
                _tries++;
                stop.Cancel();
                throw new IOException("torn by the cancellation");
            },
            stop.Token));
        Assert.Equal(1, _tries);
    }

    private S3Retry Retry(S3RetryOptions options, Func<Exception, bool>? isHopeless = null) => new(options, _time, _ => { }, isHopeless ?? (_ => false));

    /// <summary>Lets the pauses pass.</summary>
    private async Task<T> Drive<T>(Task<T> task)
    {
        while (!task.IsCompleted)
        {
            _time.Advance(TimeSpan.FromSeconds(1));
            await Task.Yield();
        }

        return await task;
    }
}
