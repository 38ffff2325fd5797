using System.CommandLine;
using KubectlMlopsBackup.Configuration;
using KubectlMlopsBackup.InCluster.Installing;
using KubectlMlopsBackup.Local;
using KubectlMlopsBackup.Manifests;
using KubectlMlopsBackup.Repository.Crypto;

namespace KubectlMlopsBackup.Commands;

/// <summary>
/// <c>key add</c>: either a new key beside the plan's, or the plan's own beside an older one. In a cluster it is the second: there the plan is what
/// names Secrets, roles and the network that a Job needs for a key.
/// </summary>
internal static class KeyAddCommand
{
    private static readonly Option<string> NewFile = new("--new-passphrase-file") { Description = "File that holds a new passphrase. With --local or --direct.", HelpName = "FILE" };

    private static readonly Option<string> NewVariable = new("--new-passphrase-env") { Description = "Environment variable that holds it. With --local or --direct.", HelpName = "NAME" };

    private static readonly Option<string> NewKmsKey = new("--kms-key-id")
    {
        Description = "Key of AWS KMS that is to open them, too: an ARN, or alias/NAME. With --local or --direct.",
        HelpName = "KEY",
    };

    private static readonly Option<string> OldSecret = new("--old-passphrase-secret")
    {
        Description = "In the cluster: the plan that is installed names a new passphrase or KMS key already. It is added to the repositories that open with the passphrase in this Secret.",
        HelpName = "NAME/KEY",
    };

    private static readonly Option<string> OldFile = new("--old-passphrase-file")
    {
        Description = "As --old-passphrase-secret, with the older passphrase in a file. With --local or --direct.",
        HelpName = "FILE",
    };

    private static readonly Option<string> OldKmsKey = new("--old-kms-key-id") { Description = "As --old-passphrase-secret, where the older key is one of AWS KMS.", HelpName = "KEY" };

    private static readonly Option<string> Label = new("--label")
    {
        Description = "Who or what holds the new key; readable to all who can read the repository. Default: your user name.",
        HelpName = "TEXT",
    };

    public static Command Create() => Verb.Create(
        "add",
        "Let another passphrase, or a key of AWS KMS, open the repositories, too.",
        [
            NewFile, NewVariable, NewKmsKey, OldSecret, OldFile, OldKmsKey, Label, SelectionOptions.Repository, InClusterVerb.StartTimeout, DirectOptions.Direct,
            DirectOptions.PassphraseFile,
        ],
        RunAsync);

    private static async Task<ExitCode> RunAsync(ParseResult parsed, VerbContext context, CancellationToken cancellationToken)
    {
        var given = new Option[] { NewFile, NewVariable, NewKmsKey, OldSecret, OldFile, OldKmsKey }.Where(o => parsed.GetResult(o) is not null).ToList();
        if (given.Count != 1)
        {
            throw new UserError(
                $"key add wants one key, and got {(given.Count == 0 ? "none" : string.Join(" and ", given.Select(o => o.Name)))}",
                context.ReadsHere
                    ? "a new one by one of --new-passphrase-file, --new-passphrase-env and --kms-key-id; or, where the plan names the new one already, the older by --old-passphrase-file or --old-kms-key-id"
                    : ForJobs,
                ExitCode.Usage);
        }

        if (!context.ReadsHere)
        {
            return await InJobAsync(parsed, context, given[0], cancellationToken);
        }

        if (given[0] == OldSecret)
        {
            throw new UserError("--old-passphrase-secret is for a Job in the cluster", "name a file with --old-passphrase-file", ExitCode.Usage);
        }

        var plan = await context.PlanAsync(cancellationToken);
        var keys = new LocalKeys(plan, parsed.GetValue(SelectionOptions.Repository));
        var key = Key(parsed, plan);
        var label = LabelOf(parsed);
        KeyCommand.Print(
            context,
            given[0] == OldFile || given[0] == OldKmsKey ? await keys.AdoptAsync(key, label, cancellationToken) : await keys.AddAsync(key, label, cancellationToken));
        return ExitCode.Done;
    }

    private const string ForJobs =
        "name the new one in spec.encryption of the plan, install it, then name the older here: --old-passphrase-secret NAME/KEY or --old-kms-key-id KEY; "
        + "or add one to the repositories in S3 from this machine, with --direct";

    /// <summary>A Job knows the installed plan's key, and sees the older passphrase as a file.</summary>
    private static Task<ExitCode> InJobAsync(ParseResult parsed, VerbContext context, Option given, CancellationToken cancellationToken)
    {
        if (given != OldSecret && given != OldKmsKey)
        {
            throw new UserError($"{given.Name}: a Job in the cluster does not see what is on this machine", ForJobs, ExitCode.Usage);
        }

        string[] label = [$"{Label.Name}={LabelOf(parsed)}"];
        if (given == OldKmsKey)
        {
            _ = KmsOptions.Read(parsed, OldKmsKey);
        }

        var secret = given == OldSecret ? PlanSecrets.Parse(OldSecret.Name, parsed.GetValue(OldSecret)!, AgentPaths.OldPassphrase) : null;
        return InClusterVerb.RunAsync(
            parsed, context, AgentJobs.BackupAccount, LocalJson.Default.IReadOnlyListKeyChange, c => KeyCommand.Print(context, c), cancellationToken,
            job => job with
            {
                Arguments = [.. job.Arguments, .. label, .. secret is null ? Array.Empty<string>() : [$"{OldFile.Name}={AgentPaths.Secrets}/{AgentPaths.OldPassphrase}"]],
                MoreSecrets = secret is null ? [] : [secret],
            },
            OldSecret, Label);
    }

    private static string LabelOf(ParseResult parsed) => parsed.GetValue(Label) ?? Environment.UserName;

    private static RepositoryKey Key(ParseResult parsed, LocalPlan plan) =>
        parsed.GetValue(NewFile) is { } file ? FromFile(NewFile, file)
        : parsed.GetValue(OldFile) is { } old ? FromFile(OldFile, old)
        : parsed.GetValue(NewVariable) is { } name ? new PassphraseKey(new SecretResolver().FromEnvironment(NewVariable.Name, name).Reveal())
        : plan.KmsKey(KmsOptions.Read(parsed, NewKmsKey) ?? KmsOptions.Read(parsed, OldKmsKey)!);

    private static PassphraseKey FromFile(Option option, string file) => new(SecretResolver.FromFile(option.Name, file).Reveal());
}
