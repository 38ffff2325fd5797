using System.CommandLine;
using KubectlMlopsBackup.Output;
using KubectlMlopsBackup.Sources.Artifacts.S3;

namespace KubectlMlopsBackup.Commands;

/// <summary>What a drill's Job runs at its end: deletes the artifacts that the drill has put into their scratch place in S3, and nothing else.</summary>
internal static class DrillArtifactsCommand
{
    private static readonly Argument<string[]> Drills = new("ID") { Description = "Of a drill.", Arity = ArgumentArity.OneOrMore };

    public static Command Create()
    {
        var command = Verb.Create("drill-artifacts", "Delete the artifacts of drills from spec.recovery.drill.artifacts.", [Drills], RunAsync);
        command.Hidden = true;
        return command;
    }

    private static async Task<ExitCode> RunAsync(ParseResult parsed, VerbContext context, CancellationToken cancellationToken)
    {
        if (!context.IsLocal)
        {
            throw new UserError("drill-artifacts is what a drill's Job runs", "run it in this process with: drill-artifacts ID --local", ExitCode.Usage);
        }

        var ids = parsed.GetValue(Drills)!;
        if (Array.Find(ids, i => !ScratchPrefix.IsId(i)) is { } wrong)
        {
            throw new UserError($"{wrong} is the id of no drill", $"it has {ScratchPrefix.IdLength} letters and digits", ExitCode.Usage);
        }

        var plan = await context.PlanAsync(cancellationToken);
        var deleted = await plan.DrillArtifacts().ClearAsync(ids, cancellationToken);
        context.Say($"{Humanize.Count(deleted)} objects deleted");
        return ExitCode.Done;
    }
}
