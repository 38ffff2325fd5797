using KubectlMlopsBackup.Cluster.Api;
using KubectlMlopsBackup.Output;
using KubectlMlopsBackup.Recovery.Journal;

namespace KubectlMlopsBackup.Recovery.Steps;

/// <summary>
/// Runs the steps of a recovery one after the other, and writes down each beginning and end before it goes on. What an earlier run has
/// finished is not done again; what it was cut off in is.
/// </summary>
/// <param name="store">Null where nobody will resume.</param>
/// <param name="say">Is told a line a step.</param>
/// <param name="begin">Is told the title of each step as it begins.</param>
internal sealed class StepRunner(RecoveryJournal journal, IJournalStore? store, TimeProvider clock, Action<string> say, Action<string>? begin = null)
{
    /// <summary>To write down that it was interrupted, when the process is about to end.</summary>
    private static readonly TimeSpan LastWord = TimeSpan.FromSeconds(5);

    public RecoveryJournal Journal { get; private set; } = journal;

    /// <summary>Why it ended before its end; null where it did not.</summary>
    public Exception? Failure { get; private set; }

    /// <summary>Sets what was only found out on the way; it is written down with the next step.</summary>
    public void Learn(Func<RecoveryJournal, RecoveryJournal> change) => Journal = change(Journal);

    /// <summary>Writes down what was learned, now.</summary>
    public Task SaveAsync(CancellationToken cancellationToken) => store?.SaveAsync(Journal, cancellationToken) ?? Task.CompletedTask;

    /// <returns>False where a step failed: <see cref="Failure"/> says how, and the steps after it were not begun.</returns>
    /// <exception cref="OperationCanceledException">Somebody stopped it.</exception>
    public async Task<bool> RunAsync(IReadOnlyList<RecoveryStep> steps, CancellationToken cancellationToken)
    {
        Journal = Journal.For(steps);
        foreach (var step in steps)
        {
            var entry = Journal.Step(step.Name)!;
            if (entry.IsOver && !step.IsFleeting)
            {
                say($"{step.Title}: done before");
                continue;
            }

            if (!await RunAsync(step, entry, cancellationToken))
            {
                return false;
            }
        }

        return true;
    }

    private async Task<bool> RunAsync(RecoveryStep step, JournalStep entry, CancellationToken cancellationToken)
    {
        entry = entry with { State = StepState.Running, Began = entry.Began ?? clock.GetUtcNow(), Ended = null, Attempts = entry.Attempts + 1, Detail = null, Fix = null };
        await SaveAsync(entry, cancellationToken);
        begin?.Invoke(step.Title);
        using var time = new CancellationTokenSource(step.Timeout, clock);
        using var both = CancellationTokenSource.CreateLinkedTokenSource(time.Token, cancellationToken);
        try
        {
            var result = await step.RunAsync(both.Token);
            await SaveAsync(entry with { State = result.State, Ended = clock.GetUtcNow(), Detail = result.Detail }, cancellationToken);
            say($"{step.Title}: {result.Detail ?? "done"}");
            return true;
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            using var last = new CancellationTokenSource(LastWord);
            await TrySaveAsync(entry with { Detail = "interrupted" }, last.Token);
            throw;
        }
        catch (OperationCanceledException e) when (time.IsCancellationRequested)
        {
            var late = new UserError($"step {step.Name} was not done within {Humanize.Duration(step.Timeout)}", null, ExitCode.Failed, e);
            return await FailAsync(step, entry, late, cancellationToken);
        }
        catch (Exception e) when (e is UserError { Code: not ExitCode.Locked } or ClusterException or IOException or InvalidDataException)
        {
            return await FailAsync(step, entry, e, cancellationToken);
        }
    }

    private async Task<bool> FailAsync(RecoveryStep step, JournalStep entry, Exception e, CancellationToken cancellationToken)
    {
        Failure ??= e;
        var fix = e is UserError user ? user.Fix : (e as ClusterException)?.Fix;
        await SaveAsync(entry with { State = StepState.Failed, Ended = clock.GetUtcNow(), Detail = e.Message, Fix = fix }, cancellationToken);
        say($"{step.Title}: FAILED: {e.Message}");
        return false;
    }

    private async Task SaveAsync(JournalStep entry, CancellationToken cancellationToken)
    {
        Journal = Journal.With(entry);
        if (store is not null)
        {
            await store.SaveAsync(Journal, cancellationToken);
        }
    }

    private async Task TrySaveAsync(JournalStep entry, CancellationToken cancellationToken)
    {
        try
        {
            await SaveAsync(entry, cancellationToken);
        }
        catch (Exception e) when (e is UserError or ClusterException or OperationCanceledException)
        {
            // It says "running" already, which comes to the same.
        }
    }
}
