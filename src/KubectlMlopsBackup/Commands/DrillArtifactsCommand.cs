using System.CommandLine;
using KubectlMlopsBackup.Output;
using KubectlMlopsBackup.Sources.Artifacts.S3;

namespace KubectlMlopsBackup.Commands;

/// <summary>What a drill's Job runs at its end: deletes the artifacts that the drill has put into its scratch place in S3, and nothing else.</summary>
internal static class DrillArtifactsCommand
{
    private static readonly Argument<string> Drill = new("ID") { Description = "Of the drill." };

    public static Command Create()
    {
        var command = Verb.Create("drill-artifacts", "Delete the artifacts of a drill from spec.recovery.drill.artifacts.", [Drill], RunAsync);
        command.Hidden = true;
        return command;
    }

    private static async Task<ExitCode> RunAsync(ParseResult parsed, VerbContext context, CancellationToken cancellationToken)
    {
        if (!context.IsLocal)
        {
            throw new UserError("drill-artifacts is what a drill's Job runs", "run it in this process with: drill-artifacts ID --local", ExitCode.Usage);
        }

        var id = parsed.GetValue(Drill)!;
        if (!ScratchPrefix.IsId(id))
        {
            throw new UserError($"{id} is the id of no drill", $"it has {ScratchPrefix.IdLength} letters and digits", ExitCode.Usage);
        }

        var plan = await context.PlanAsync(cancellationToken);
        var deleted = await plan.DrillArtifacts().ClearAsync(id, cancellationToken);
        context.Say($"{Humanize.Count(deleted)} objects deleted");
        return ExitCode.Done;
    }
}
