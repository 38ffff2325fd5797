using System.ComponentModel;
using System.Diagnostics;
using KubectlMlopsBackup.Recovery.Journal;
using KubectlMlopsBackup.Recovery.Steps;

namespace KubectlMlopsBackup.Recovery;

/// <summary>The user's own command that makes the cluster, on the machine that recovers. It sees this process's environment and terminal.</summary>
internal static class InfrastructureHook
{
    /// <param name="command">A program and its arguments; no shell reads them.</param>
    /// <returns>The step, done.</returns>
    /// <exception cref="UserError">It cannot be started, or has failed.</exception>
    public static async Task<JournalStep> RunAsync(IReadOnlyList<string> command, TimeProvider clock, CancellationToken cancellationToken)
    {
        var began = clock.GetUtcNow();
        var start = new ProcessStartInfo(command[0]) { UseShellExecute = false };
        foreach (var argument in command.Skip(1))
        {
            start.ArgumentList.Add(argument);
        }

        using var process = Start(start, command[0]);
        try
        {
            await process.WaitForExitAsync(cancellationToken);
        }
        catch (OperationCanceledException)
        {
            // Ctrl-C has reached it too, and it may have to put its own state in order.
            await process.WaitForExitAsync(CancellationToken.None).WaitAsync(TimeSpan.FromSeconds(15), clock, CancellationToken.None)
                .ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            throw;
        }

        return process.ExitCode == 0
            ? new JournalStep
            {
                Name = StepNames.Infrastructure,
                Title = "infrastructure",
                State = StepState.Done,
                Began = began,
                Ended = clock.GetUtcNow(),
                Attempts = 1,
                Detail = command[0],
            }
            : throw new UserError(
                $"spec.recovery.infrastructure: {command[0]} ended with exit code {process.ExitCode}", "mend what it says above, and run recover again: nothing else was begun");
    }

    private static Process Start(ProcessStartInfo start, string name)
    {
        try
        {
            return Process.Start(start) ?? throw new UserError($"spec.recovery.infrastructure: {name} was not started");
        }
        catch (Win32Exception e)
        {
            throw new UserError($"spec.recovery.infrastructure: {name} cannot be started: {e.Message}", "name a program in the PATH, or with its path", ExitCode.Usage, e);
        }
    }
}
