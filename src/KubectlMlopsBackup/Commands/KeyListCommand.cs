using System.CommandLine;
using KubectlMlopsBackup.Local;
using KubectlMlopsBackup.Manifests;
using KubectlMlopsBackup.Output;

namespace KubectlMlopsBackup.Commands;

internal static class KeyListCommand
{
    public static Command Create() => Verb.Create(
        "list", "List them.", [SelectionOptions.Repository, InClusterVerb.StartTimeout, DirectOptions.Direct, DirectOptions.PassphraseFile], RunAsync);

    private static async Task<ExitCode> RunAsync(ParseResult parsed, VerbContext context, CancellationToken cancellationToken)
    {
        if (!context.ReadsHere)
        {
            return await InClusterVerb.RunAsync(
                parsed, context, AgentJobs.RestoreAccount, LocalJson.Default.IReadOnlyListListedKey, keys => Print(context, keys), cancellationToken);
        }

        Print(context, await new LocalKeys(await context.PlanAsync(cancellationToken), parsed.GetValue(SelectionOptions.Repository)).ListAsync(cancellationToken));
        return ExitCode.Done;
    }

    private static void Print(VerbContext context, IReadOnlyList<ListedKey> keys) =>
        context.Print(keys, LocalJson.Default.IReadOnlyListListedKey, Table, k => k.Select(x => $"key/{x.Id}"));

    private static TableWriter Table(IReadOnlyList<ListedKey> keys)
    {
        var table = new TableWriter(
            new TableColumn("Id"), new TableColumn("Opens with"), new TableColumn("Label"), new TableColumn("Created"), new TableColumn("Repository"),
            new TableColumn("KMS key", WideOnly: true));
        foreach (var key in keys)
        {
            table.Add(key.Id[..8], key.Kind, key.Label, $"{key.Created:u}", key.Repository, key.KmsKeyId ?? "-");
        }

        return table;
    }
}
