using System.CommandLine;
using KubectlMlopsBackup.Configuration;
using KubectlMlopsBackup.Local;
using KubectlMlopsBackup.Output;
using KubectlMlopsBackup.Repository;
using KubectlMlopsBackup.Repository.Crypto;

namespace KubectlMlopsBackup.Commands;

internal static class KeyCommand
{
    private static readonly Option<string> File = new("--new-passphrase-file") { Description = "File that holds the new passphrase.", HelpName = "FILE" };

    private static readonly Option<string> Variable = new("--new-passphrase-env") { Description = "Environment variable that holds it.", HelpName = "NAME" };

    private static readonly Option<string> KmsKeyId = new("--kms-key-id")
    {
        Description = "Key of AWS KMS that is to open them, too: an ARN, or alias/NAME.",
        HelpName = "KEY",
    };

    private static readonly Option<string> Label = new("--label")
    {
        Description = "Who or what holds the new key; readable to all who can read the repository.",
        DefaultValueFactory = _ => Environment.UserName,
    };

    private static readonly Argument<string> Id = new("ID") { Description = "The first digits (6 or more) of the key's id." };

    public static Command Create()
    {
        var command = new Command("key", "The passphrases and KMS keys that open the repositories: add, list, remove, keep a passphrase on paper. Rotating one rewrites no data.");
        command.Subcommands.Add(Verb.Create("list", "List them.", [SelectionOptions.Repository, DirectOptions.Direct, DirectOptions.PassphraseFile], ListAsync));
        command.Subcommands.Add(Verb.Create(
            "add", "Let another passphrase, or a key of AWS KMS, open the repositories, too.", [File, Variable, KmsKeyId, Label, SelectionOptions.Repository, DirectOptions.Direct, DirectOptions.PassphraseFile], AddAsync));
        command.Subcommands.Add(Verb.Create(
            "remove", "Take one away; not the last, and not the one that the plan names.", [Id, SelectionOptions.Repository, DirectOptions.Direct, DirectOptions.PassphraseFile], RemoveAsync));
        command.Subcommands.Add(KeyEscrowCommand.Create());
        return command;
    }

    private static async Task<ExitCode> ListAsync(ParseResult parsed, VerbContext context, CancellationToken cancellationToken)
    {
        context.RequireHere("key list", hasDirect: true);
        var keys = new List<ListedKey>();
        await ForEachAsync(parsed, context, async (name, repository) =>
        {
            foreach (var (id, file) in await RepositoryKeys.ListAsync(repository.Store, cancellationToken))
            {
                keys.Add(new ListedKey(name, id, file.Kdf == PassphraseKey.Kdf ? "passphrase" : file.Kdf, file.KmsKeyId, file.Label, file.Created));
            }
        }, cancellationToken);
        context.Print<IReadOnlyList<ListedKey>>(keys, LocalJson.Default.IReadOnlyListListedKey, Table, k => k.Select(x => $"key/{x.Id}"));
        return ExitCode.Done;
    }

    private static async Task<ExitCode> AddAsync(ParseResult parsed, VerbContext context, CancellationToken cancellationToken)
    {
        context.RequireHere("key add", hasDirect: true);
        var key = (parsed.GetValue(File), parsed.GetValue(Variable), parsed.GetValue(KmsKeyId)) switch
        {
            ({ } file, null, null) => new PassphraseKey(SecretResolver.FromFile("--new-passphrase-file", file).Reveal()),
            (null, { } name, null) => new PassphraseKey(new SecretResolver().FromEnvironment("--new-passphrase-env", name).Reveal()),
            (null, null, { } id) => (await context.PlanAsync(cancellationToken)).KmsKey(KmsOptions.Check(id)),
            _ => throw new UserError(
                "the new key is given by exactly one of --new-passphrase-file, --new-passphrase-env and --kms-key-id", null, ExitCode.Usage),
        };
        await ForEachAsync(parsed, context, async (name, repository) =>
        {
            RefusePlain(name, repository);
            var id = await RepositoryKeys.WriteAsync(
                repository.Store,
                repository.Secrets,
                repository.Config.Id,
                key,
                parsed.GetValue(Label)!,
                context.Clock,
                cancellationToken);
            Console.Out.WriteLine($"key/{id} added to {name}");
        }, cancellationToken);
        return ExitCode.Done;
    }

    private static async Task<ExitCode> RemoveAsync(ParseResult parsed, VerbContext context, CancellationToken cancellationToken)
    {
        context.RequireHere("key remove", hasDirect: true);
        var plan = await context.PlanAsync(cancellationToken);
        using var repositories = await OpenRepositories.OpenAsync(
            plan, parsed.GetValue(SelectionOptions.Repository), cancellationToken);
        foreach (var open in repositories.Open)
        {
            RefusePlain(open.Name, open.Repository);
        }

        // An id is one repository's own: the one that has it is meant.
        var id = parsed.GetValue(Id)!;
        foreach (var open in repositories.Open)
        {
            var keys = await RepositoryKeys.ListAsync(open.Repository.Store, cancellationToken);
            if (keys.Any(k => k.Id.StartsWith(id, StringComparison.Ordinal)))
            {
                var removed = await RepositoryKeys.RemoveAsync(open.Repository, id, plan.Key()!, cancellationToken);
                Console.Out.WriteLine($"key/{removed} removed from {open.Name}");
                return ExitCode.Done;
            }
        }

        throw new UserError($"no repository has a key {id}", "kubectl mlopsbackup key list shows them", ExitCode.Usage);
    }

    private static void RefusePlain(string name, BackupRepository repository)
    {
        if (!repository.Secrets.Encrypted)
        {
            throw new UserError(
                $"repository {name} is not encrypted, and stays so",
                "make a new, encrypted one and mirror into it",
                ExitCode.Usage);
        }
    }

    private static async Task ForEachAsync(
        ParseResult parsed, VerbContext context, Func<string, BackupRepository, Task> run, CancellationToken cancellationToken)
    {
        var plan = await context.PlanAsync(cancellationToken);
        var only = parsed.GetValue(SelectionOptions.Repository);
        foreach (var spec in only is null ? plan.Spec.Repositories : [plan.RepositorySpec(only)])
        {
            using var repository = await plan.OpenAsync(spec, cancellationToken);
            await run(spec.Name, repository);
        }
    }

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
