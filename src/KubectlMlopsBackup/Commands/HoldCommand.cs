using System.CommandLine;
using KubectlMlopsBackup.Configuration;

namespace KubectlMlopsBackup.Commands;

/// <summary>Keeps a pod there for commands that are run in it: what <c>sleep</c> does, in an image that may have none.</summary>
internal static class HoldCommand
{
    private static readonly Argument<string> Time = new("TIME") { Description = "At most so long, such as 4h." };

    public static Command Create()
    {
        var command = Verb.Create("hold", "Wait for a signal.", [Time], RunAsync);
        command.Hidden = true;
        return command;
    }

    private static async Task<ExitCode> RunAsync(ParseResult parsed, VerbContext context, CancellationToken cancellationToken)
    {
        if (!PlanDuration.TryParse(parsed.GetValue(Time)!, out var time))
        {
            throw new UserError($"TIME {parsed.GetValue(Time)}", $"write {PlanDuration.Wanted}", ExitCode.Usage);
        }

        try
        {
            await Task.Delay(time, context.Clock, cancellationToken);
        }
        catch (OperationCanceledException)
        {
            // The signal it waited for.
        }

        return ExitCode.Done;
    }
}
