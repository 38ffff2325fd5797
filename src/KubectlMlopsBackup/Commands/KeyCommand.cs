using System.CommandLine;
using KubectlMlopsBackup.Local;
using KubectlMlopsBackup.Output;

namespace KubectlMlopsBackup.Commands;

internal static class KeyCommand
{
    public static Command Create()
    {
        var command = new Command("key", "The passphrases and KMS keys that open the repositories: add, list, remove, keep a passphrase on paper. Rotating one rewrites no data.");
        command.Subcommands.Add(KeyListCommand.Create());
        command.Subcommands.Add(KeyAddCommand.Create());
        command.Subcommands.Add(KeyRemoveCommand.Create());
        command.Subcommands.Add(KeyEscrowCommand.Create());
        return command;
    }

    /// <summary>One line each.</summary>
    public static void Print(VerbContext context, IReadOnlyList<KeyChange> changes) =>
        context.Print(changes, LocalJson.Default.IReadOnlyListKeyChange, Table, c => c.Select(x => $"key/{x.Id}"));

    private static TableWriter Table(IReadOnlyList<KeyChange> changes)
    {
        var table = new TableWriter(new TableColumn("Id"), new TableColumn("Result"), new TableColumn("Repository"));
        foreach (var change in changes)
        {
            table.Add(change.Id[..8], change.Change, change.Repository);
        }

        return table;
    }
}
