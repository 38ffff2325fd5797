using System.Collections.Concurrent;
using KubectlMlopsBackup.Configuration;
using KubectlMlopsBackup.Recovery.Checks;
using Microsoft.Extensions.Time.Testing;

namespace KubectlMlopsBackup.UnitTests.Recovery.Checks;

public sealed class CheckRunnerTests
{
    private static readonly CheckSpec Spec = new() { Name = "api", Timeout = "10s", Deadline = "1m", Http = new HttpCheckSpec() };

    private readonly FakeTimeProvider clock = new() { AutoAdvanceAmount = TimeSpan.Zero };
    private int attempts;

    [Fact]
    public async Task It_is_tried_until_it_passes()
    {
        var result = await RunAsync(_ => Task.FromResult(++attempts < 4 ? CheckFinding.NotYet("503") : CheckFinding.Passed("200")));

        Assert.Equal((CheckOutcome.Passed, "200", 4, "http"), (result.Outcome, result.Evidence, result.Attempts, result.Kind));
        // 0.5 s, 1 s, 2 s
        Assert.Equal(3.5, result.Seconds);
    }

    [Fact]
    public async Task It_is_not_tried_longer_than_its_deadline_and_a_timeout()
    {
        var result = await RunAsync(async token =>
        {
            attempts++;
            await Task.Delay(Timeout.Infinite, token);
            return CheckFinding.Passed("never");
        });

        Assert.Equal((CheckOutcome.Failed, "no answer within 10s"), (result.Outcome, result.Evidence));
        Assert.InRange(result.Seconds, 50, 70);
        Assert.InRange(attempts, 4, 6);
    }

    [Fact]
    public async Task What_cannot_change_is_tried_once()
    {
        var result = await RunAsync(_ => Task.FromResult(CheckFinding.Failed("no table runs")));

        Assert.Equal((CheckOutcome.Failed, 1), (result.Outcome, result.Attempts));
    }

    [Fact]
    public async Task What_it_throws_is_its_evidence()
    {
        var result = await RunAsync(_ => throw new UserError("the plan has no password", code: ExitCode.Usage));

        Assert.Equal((CheckOutcome.Failed, "the plan has no password", 1), (result.Outcome, result.Evidence, result.Attempts));
    }

    [Fact]
    public async Task Evidence_of_others_is_one_clean_line()
    {
        var result = await RunAsync(_ => Task.FromResult(CheckFinding.Passed("\u001b[2J\n" + new string('x', 5000))));

        Assert.Equal(400, result.Evidence.Length);
        Assert.DoesNotContain(result.Evidence, char.IsControl);
    }

    [Fact]
    public async Task A_run_that_is_stopped_stops()
    {
        using var stop = new CancellationTokenSource();
        await stop.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => CheckRunner.RunAsync(
            Spec, token => Task.FromCanceled<CheckFinding>(token), clock, stop.Token));
    }

    /// <summary>Time goes on only when nothing else is left to be done.</summary>
    private Task<CheckResult> RunAsync(Func<CancellationToken, Task<CheckFinding>> attempt)
    {
        var before = SynchronizationContext.Current;
        var turns = new Turns();
        SynchronizationContext.SetSynchronizationContext(turns);
        try
        {
            var run = CheckRunner.RunAsync(Spec, attempt, clock, TestContext.Current.CancellationToken);
            while (!run.IsCompleted)
            {
                if (!turns.TakeOne())
                {
                    clock.Advance(TimeSpan.FromMilliseconds(500));
                }
            }

            return run;
        }
        finally
        {
            SynchronizationContext.SetSynchronizationContext(before);
        }
    }

    /// <summary>What awaits come to, one after the other, on the thread of the test.</summary>
    private sealed class Turns : SynchronizationContext
    {
        private readonly ConcurrentQueue<(SendOrPostCallback Run, object? State)> waiting = [];

        public override void Post(SendOrPostCallback d, object? state) => waiting.Enqueue((d, state));

        public bool TakeOne()
        {
            var taken = waiting.TryDequeue(out var next);
            if (taken)
            {
                next.Run(next.State);
            }

            return taken;
        }
    }
}
