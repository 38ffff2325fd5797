using System.CommandLine;
using KubectlMlopsBackup.Configuration;
using KubectlMlopsBackup.Local;

namespace KubectlMlopsBackup.Commands;

internal static class InitCommand
{
    private static readonly Option<bool> Repositories = new("--repositories")
    {
        Description = "Make the repositories that the plan names, instead of writing a plan.",
    };

    private static readonly Option<string> Name = new("--name") { Description = "Name of the plan. Default in a cluster: its namespace's.", DefaultValueFactory = _ => "mlops-platform" };

    private static readonly Option<string> Postgres = new("--postgres")
    {
        Description = "With --local: the database, as postgres://USER@HOST:PORT/DATABASE (without a password).",
        HelpName = "URL",
    };

    private static readonly Option<string> PasswordFile = new("--postgres-password-file") { Description = "With --local: file that holds the database's password.", HelpName = "FILE" };

    private static readonly Option<string> Artifacts = new("--artifacts") { Description = "With --local: folder of the artifacts, or s3://BUCKET/PREFIX.", HelpName = "PLACE" };

    private static readonly Option<string[]> Repository = new("--repository", "-r")
    {
        Description = "NAME=FOLDER or NAME=s3://BUCKET/PREFIX. The first is backed up to, the others are mirrored to.",
        HelpName = "NAME=PLACE",
    };

    private static readonly Option<string> Endpoint = new("--s3-endpoint") { Description = "Address of an S3 store that is not AWS.", HelpName = "URL" };

    private static readonly Option<string> PassphraseFile = new("--passphrase-file") { Description = "With --local: file that holds the passphrase for encryption.", HelpName = "FILE" };

    private static readonly Option<string> KmsKeyId = new("--kms-key-id") { Description = "Key of AWS KMS for encryption, in a passphrase's place: its ARN.", HelpName = "ARN" };

    private static readonly Option<bool> NoEncryption = new("--no-encryption") { Description = "Everyone who can read the repository can read the backups." };

    public static Command Create() => Verb.Create(
        "init",
        "Write a commented plan of what the namespace has (with --local: of the flags); then, with --repositories, make the repositories it names.",
        [Repositories, InClusterVerb.StartTimeout, Name, Postgres, PasswordFile, Artifacts, Repository, Endpoint, PassphraseFile, KmsKeyId, NoEncryption],
        RunAsync);

    private static async Task<ExitCode> RunAsync(ParseResult parsed, VerbContext context, CancellationToken cancellationToken)
    {
        if (parsed.GetValue(Repositories))
        {
            if (context.IsLocal)
            {
                return await MakeRepositoriesAsync(context, cancellationToken);
            }

            using var api = await context.ClusterAsync(cancellationToken);
            return await InstallCommand.MakeRepositoriesAsync(parsed, context, api, cancellationToken);
        }

        var answers = new InitAnswers
        {
            Name = parsed.GetValue(Name)!,
            Postgres = parsed.GetValue(Postgres),
            PasswordFile = parsed.GetValue(PasswordFile),
            Artifacts = parsed.GetValue(Artifacts),
            Repositories = parsed.GetValue(Repository) ?? [],
            Endpoint = parsed.GetValue(Endpoint),
            PassphraseFile = parsed.GetValue(PassphraseFile),
            KmsKeyId = KmsOptions.Read(parsed, KmsKeyId),
            NoEncryption = parsed.GetValue(NoEncryption),
        };
        if (!context.IsLocal)
        {
            var name = parsed.GetResult(Name) is { Implicit: false } ? answers.Name : null;
            return await InitInCluster.WritePlanAsync(context, answers, name, cancellationToken);
        }

        if (File.Exists(context.PlanPath))
        {
            throw new UserError(
                $"{context.PlanPath} exists",
                "edit it, or name another with --plan; to make its repositories: init --local --repositories",
                ExitCode.Usage);
        }

        var text = PlanTemplate.Render(InitPlan.From(answers));
        // What would not load is not written.
        PlanLoader.Parse(text, context.PlanPath, Path.GetDirectoryName(Path.GetFullPath(context.PlanPath))!);
        await File.WriteAllTextAsync(context.PlanPath, text, cancellationToken);
        Console.Out.WriteLine($"{context.PlanPath} written: read it, there is a comment on every field");
        return ExitCode.Done;
    }

    private static async Task<ExitCode> MakeRepositoriesAsync(VerbContext context, CancellationToken cancellationToken)
    {
        var plan = await context.PlanAsync(cancellationToken);
        var made = await LocalInit.RunAsync(plan, cancellationToken);
        foreach (var (name, location, created) in made)
        {
            Console.Out.WriteLine($"repository/{name} {(created ? "created" : "exists already")} at {location}");
        }

        if (!made.Any(m => m.Created))
        {
            return ExitCode.Done;
        }

        if (plan.Spec.Encryption?.Kms is { } kms)
        {
            Console.Out.WriteLine($"The backups are encrypted under KMS key {kms.KeyId}. WITHOUT THAT KEY THEY ARE LOST: nobody can restore them, not even AWS.");
            Console.Out.WriteLine("A recovery sheet opens them without KMS, should the key or the account be lost: key escrow --to sheet.html, with --local.");
        }
        else if (plan.Spec.Encryption?.None is not true)
        {
            Console.Out.WriteLine("The backups are encrypted. WITHOUT THE PASSPHRASE THEY ARE LOST: nobody can restore them, not even with all data in hand.");
            Console.Out.WriteLine("Keep a copy of it outside of the machines and the cluster that are backed up.");
        }

        return ExitCode.Done;
    }
}
