using System.CommandLine;
using KubectlMlopsBackup.Commands.Next;
using KubectlMlopsBackup.Monitoring.Pushing;

namespace KubectlMlopsBackup.Commands;

/// <summary>After a verb that ran in this process: pushes its figures to those whom the plan names.</summary>
internal static class RunPush
{
    private const string Backup = "backup";

    private static readonly string[] Measured = [Backup, "verify", "prune", "mirror", "restore", "drill"];

    /// <param name="failure">What it threw; null where it came to its end.</param>
    public static async Task SendAsync(ParseResult parsed, VerbContext context, ExitCode code, Exception? failure, TimeSpan took)
    {
        var line = new RunLine(parsed);
        if (context.Loaded is not { Spec.Monitoring.Push: { Count: > 0 } targets } plan || !context.IsLocal || !Measured.Contains(line.Verb) || RunNotice.IsDryRun(parsed))
        {
            return;
        }

        code = failure is null ? code : RunNotice.CodeOf(failure);
        // One share of several is no whole run, unless it failed.
        if (code == ExitCode.Done && RunNotice.IsShare(parsed) && context.States is null)
        {
            return;
        }

        var kind = line.Verb == Backup && line.Argument is { } component and not "all" ? component : line.Verb;
        var now = context.Clock.GetUtcNow();
        var end = new RunEnd(kind, code, now, took, context.HasPruned || (line.Verb == RunFigures.Prune && code == ExitCode.Done));
        await new MetricsPusher(w => Console.Error.WriteLine($"warning: {w}")).SendAsync(targets, plan.Name, RunFigures.Of(plan.Plan, end, context.States), now);
    }
}
