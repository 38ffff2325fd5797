using System.CommandLine;
using KubectlMlopsBackup.Local;
using KubectlMlopsBackup.Manifests;

namespace KubectlMlopsBackup.Commands;

internal static class KeyRemoveCommand
{
    private static readonly Argument<string> Id = new("ID") { Description = "The first digits (6 or more) of the key's id." };

    public static Command Create() => Verb.Create(
        "remove",
        "Take one away; not the last, and not the one that the plan names.",
        [Id, SelectionOptions.Repository, InClusterVerb.StartTimeout, DirectOptions.Direct, DirectOptions.PassphraseFile],
        RunAsync);

    private static async Task<ExitCode> RunAsync(ParseResult parsed, VerbContext context, CancellationToken cancellationToken)
    {
        if (!context.ReadsHere)
        {
            return await InClusterVerb.RunAsync(
                parsed, context, AgentJobs.PruneAccount, LocalJson.Default.IReadOnlyListKeyChange, c => KeyCommand.Print(context, c), cancellationToken);
        }

        var keys = new LocalKeys(await context.PlanAsync(cancellationToken), parsed.GetValue(SelectionOptions.Repository));
        KeyCommand.Print(context, [await keys.RemoveAsync(parsed.GetValue(Id)!, cancellationToken)]);
        return ExitCode.Done;
    }
}
