using KubectlMlopsBackup.Recovery.Journal;
using KubectlMlopsBackup.Recovery.Steps;
using Microsoft.Extensions.Time.Testing;

namespace KubectlMlopsBackup.UnitTests.Recovery.Steps;

public sealed class StepRunnerTests
{
    private static readonly string[] Names = ["one", "two", "three"];

    private readonly FakeTimeProvider clock = new(new DateTimeOffset(2026, 11, 24, 2, 0, 0, TimeSpan.Zero));
    private readonly List<string> ran = [];

    [Fact]
    public async Task Steps_run_in_their_order_and_each_beginning_and_end_is_written_down()
    {
        var store = new Store();

        Assert.True(await Runner(store).RunAsync(Steps(), Token));

        Assert.Equal(Names, ran);
        Assert.Equal(
            ["running pending pending", "done pending pending", "done running pending", "done done pending", "done done running", "done done done"],
            store.Saved.Select(States));
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(2)]
    public async Task Whoever_resumes_after_an_interruption_does_what_was_not_done(int interrupted)
    {
        var store = new Store();
        using var stop = new CancellationTokenSource();
        var steps = Steps(before: name =>
        {
            if (name == Names[interrupted])
            {
                stop.Cancel();
                stop.Token.ThrowIfCancellationRequested();
            }
        });
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => Runner(store).RunAsync(steps, stop.Token));
        Assert.Equal(Names[..interrupted], ran);
        Assert.Equal(StepState.Running, store.Saved[^1].Step(Names[interrupted])!.State);

        var resumed = new StepRunner(store.Saved[^1], store, clock, _ => { });
        Assert.True(await resumed.RunAsync(Steps(), Token));

        Assert.Equal(Names, ran);
        Assert.All(resumed.Journal.Steps, s => Assert.Equal(StepState.Done, s.State));
        Assert.Equal(2, resumed.Journal.Step(Names[interrupted])!.Attempts);
    }

    [Fact]
    public async Task A_step_that_fails_ends_it_and_is_tried_again_by_whoever_resumes()
    {
        var store = new Store();
        var runner = Runner(store);

        Assert.False(await runner.RunAsync(Steps(before: name => Fail(name == "two")), Token));

        Assert.Equal("no space", runner.Failure!.Message);
        Assert.Equal("done failed pending", States(runner.Journal));
        Assert.Equal(("no space", "make some"), (runner.Journal.Step("two")!.Detail, runner.Journal.Step("two")!.Fix));
        Assert.True(await new StepRunner(runner.Journal, store, clock, _ => { }).RunAsync(Steps(), Token));
        Assert.Equal("done done done", States(store.Saved[^1]));
        Assert.Null(store.Saved[^1].Step("two")!.Fix);
    }

    [Fact]
    public async Task A_step_that_takes_too_long_has_failed()
    {
        var runner = Runner(new Store());
        var steps = Steps();
        steps[1] = steps[1] with
        {
            Timeout = TimeSpan.FromMinutes(5),
            RunAsync = async token =>
            {
                var late = Task.Delay(Timeout.InfiniteTimeSpan, clock, token);
                clock.Advance(TimeSpan.FromMinutes(6));
                await late;
                return StepResult.Done();
            },
        };

        Assert.False(await runner.RunAsync(steps, Token));

        Assert.Contains("not done within 5m", runner.Journal.Step("two")!.Detail, StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_holds_only_for_a_moment_is_done_again()
    {
        var steps = Steps();
        steps[0] = steps[0] with { IsFleeting = true };
        var runner = Runner(new Store());
        await runner.RunAsync(steps, Token);
        ran.Clear();

        await new StepRunner(runner.Journal, null, clock, _ => { }).RunAsync(steps, Token);

        Assert.Equal(["one"], ran);
    }

    [Fact]
    public async Task Who_has_lost_the_recovery_to_somebody_else_stops()
    {
        var store = new Store { TakenOverAt = 3 };

        var e = await Assert.ThrowsAsync<UserError>(() => Runner(store).RunAsync(Steps(), Token));

        Assert.Equal(ExitCode.Locked, e.Code);
        Assert.Equal(["one"], ran);
    }

    [Fact]
    public async Task The_first_beginning_counts_and_the_last_end()
    {
        var runner = Runner(new Store());
        var began = clock.GetUtcNow();
        await runner.RunAsync(Steps(before: name => Fail(name == "one")), Token);
        clock.Advance(TimeSpan.FromHours(1));

        var resumed = new StepRunner(runner.Journal, null, clock, _ => { });
        await resumed.RunAsync(Steps(), Token);

        Assert.Equal(began, resumed.Journal.Step("one")!.Began);
        Assert.Equal(3600, resumed.Journal.Step("one")!.Seconds);
    }

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    private StepRunner Runner(Store store) => new(
        new RecoveryJournal
        {
            Id = "abcd2345",
            Plan = "p",
            Source = "mlops",
            From = "s3://b/p",
            Point = new string('a', 64),
            PointTime = clock.GetUtcNow(),
            Began = clock.GetUtcNow(),
        },
        store,
        clock,
        _ => { });

    private List<RecoveryStep> Steps(Action<string>? before = null) => [.. Names.Select(name => new RecoveryStep(name, name, TimeSpan.FromHours(1), _ =>
    {
        before?.Invoke(name);
        ran.Add(name);
        return Task.FromResult(StepResult.Done());
    }))];

    private static void Fail(bool really)
    {
        if (really)
        {
            throw new UserError("no space", "make some");
        }
    }

    private static string States(RecoveryJournal journal) => string.Join(' ', journal.Steps.Select(s => s.State.ToString().ToLowerInvariant()));

    private sealed class Store : IJournalStore
    {
        public List<RecoveryJournal> Saved { get; } = [];

        public int? TakenOverAt { get; init; }

        public Task SaveAsync(RecoveryJournal journal, CancellationToken cancellationToken)
        {
            cancellationToken.ThrowIfCancellationRequested();
            Saved.Add(journal);
            return Saved.Count == TakenOverAt ? throw new UserError("taken over", null, ExitCode.Locked) : Task.CompletedTask;
        }
    }
}
