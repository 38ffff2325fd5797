using System.ComponentModel;
using System.Diagnostics;
using System.Globalization;
using KubectlMlopsBackup.Configuration;
using KubectlMlopsBackup.Output;
using KubectlMlopsBackup.Recovery.Steps;

namespace KubectlMlopsBackup.Recovery;

/// <summary>
/// The user's own command between two steps. No shell reads it, and what the recovery is of is in its environment, not in its arguments: names out
/// of a backup can never become commands.
/// </summary>
/// <param name="note">Is told each line that it writes.</param>
/// <param name="again">What runs it again, after it has failed.</param>
internal sealed class HookCommand(RecoveryHookSpec hook, Action<string> note, string again, TimeProvider clock)
{
    private const int LongestLine = 1000;

    /// <summary>For it to put its own state in order, when it is interrupted or its time is over.</summary>
    private static readonly TimeSpan Grace = TimeSpan.FromSeconds(5);

    public static string StepName(RecoveryHookSpec hook) => $"hook:{hook.Name}";

    public static string Title(RecoveryHookSpec hook) => $"hook {hook.Name}";

    /// <summary>What a hook is told in its environment.</summary>
    /// <param name="drill">There is a variable for it, so that a command of both knows which it is.</param>
    public static Dictionary<string, string> Variables(RecoveryHookSpec hook, string ns, string recovery, string point, DateTimeOffset time, bool drill)
    {
        var variables = new Dictionary<string, string>
        {
            ["MLOPSBACKUP_HOOK"] = hook.Name,
            ["MLOPSBACKUP_RECOVERY"] = recovery,
            ["MLOPSBACKUP_RECOVERY_POINT"] = point,
            ["MLOPSBACKUP_RECOVERY_TIME"] = time.ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", CultureInfo.InvariantCulture),
            ["MLOPSBACKUP_NAMESPACE"] = ns,
        };
        if (drill)
        {
            variables["MLOPSBACKUP_DRILL"] = "true";
        }

        return variables;
    }

    /// <summary>Steps, with the hooks where they belong.</summary>
    /// <param name="name">Of a step, as the journal knows it.</param>
    /// <param name="make">Makes a step of a hook.</param>
    public static IEnumerable<T> Between<T>(IEnumerable<T> steps, IReadOnlyList<RecoveryHookSpec> hooks, Func<T, string> name, Func<RecoveryHookSpec, T> make)
    {
        foreach (var step in steps)
        {
            foreach (var hook in hooks.Where(h => h.Before == name(step)))
            {
                yield return make(hook);
            }

            yield return step;
            foreach (var hook in hooks.Where(h => h.After == name(step)))
            {
                yield return make(hook);
            }
        }
    }

    /// <param name="variables">Added to this process's environment.</param>
    /// <exception cref="UserError">It cannot be started, or has failed.</exception>
    public async Task<StepResult> RunAsync(IReadOnlyDictionary<string, string> variables, CancellationToken cancellationToken)
    {
        var start = new ProcessStartInfo(hook.Command[0])
        {
            UseShellExecute = false,
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        foreach (var argument in hook.Command.Skip(1))
        {
            start.ArgumentList.Add(argument);
        }

        foreach (var (name, value) in variables)
        {
            start.Environment[name] = value;
        }

        using var process = Start(start);
        process.OutputDataReceived += Tell;
        process.ErrorDataReceived += Tell;
        process.BeginOutputReadLine();
        process.BeginErrorReadLine();
        // Nobody is asked in the middle of a recovery.
        process.StandardInput.Close();
        try
        {
            await process.WaitForExitAsync(cancellationToken);
        }
        catch (OperationCanceledException)
        {
            await EndAsync(process);
            throw;
        }

        return process.ExitCode == 0
            ? StepResult.Done(hook.Command[0])
            : throw new UserError(
                $"hook {hook.Name}: {hook.Command[0]} ended with exit code {process.ExitCode}", $"mend what it says above, and {again}");
    }

    /// <summary>Ctrl-C has reached it, too; its time's end has not.</summary>
    private async Task EndAsync(Process process)
    {
        await process.WaitForExitAsync(CancellationToken.None).WaitAsync(Grace, clock, CancellationToken.None).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        if (!process.HasExited)
        {
            process.Kill(entireProcessTree: true);
            await process.WaitForExitAsync(CancellationToken.None);
        }
    }

    private void Tell(object sender, DataReceivedEventArgs line)
    {
        if (line.Data is { Length: > 0 } text)
        {
            note($"{hook.Name}: {PlainText.Cut(PlainText.Clean(text), LongestLine)}");
        }
    }

    private Process Start(ProcessStartInfo start)
    {
        try
        {
            return Process.Start(start) ?? throw new UserError($"hook {hook.Name}: {hook.Command[0]} was not started");
        }
        catch (Win32Exception e)
        {
            throw new UserError($"hook {hook.Name}: {hook.Command[0]} cannot be started: {e.Message}", "name a program in the PATH, or with its path, in spec.recovery.hooks", ExitCode.Failed, e);
        }
    }
}
