using System.CommandLine;
using KubectlMlopsBackup.Configuration;
using KubectlMlopsBackup.Local;
using KubectlMlopsBackup.S3Admin;
using KubectlMlopsBackup.S3Admin.Rendering;

namespace KubectlMlopsBackup.Commands;

internal static class S3SetupCommand
{
    private static readonly Option<bool> DryRun = new("--dry-run") { Description = "Say what would change; write nothing." };

    private static readonly Option<bool> Yes = new("--yes", "-y") { Description = "Do not ask before what cannot be undone (object lock in compliance mode)." };

    private static readonly Option<string> Print = new("--print")
    {
        Description = "Do nothing; print the same as commands or as code: aws-cli or terraform.",
        HelpName = "FORM",
    };

    public static Command Create() => Verb.Create(
        "setup",
        "Make the plan's buckets, or bring them to what the plan says: no public access, versioning, encryption, TLS only, lifecycle, lock, replication. Again: only what changed.",
        [S3Command.Repository, DryRun, Print, Yes],
        RunAsync);

    private static async Task<ExitCode> RunAsync(ParseResult parsed, VerbContext context, CancellationToken cancellationToken)
    {
        var plan = await context.PlanAsync(cancellationToken);
        var chosen = S3Command.Chosen(plan, parsed.GetValue(S3Command.Repository));
        if (parsed.GetValue(Print) is { } form)
        {
            foreach (var repository in chosen)
            {
                Console.Out.Write(Text(form, BucketWish.Of(repository, LocalPlan.BucketPlace(repository))));
            }

            return ExitCode.Done;
        }

        var dryRun = parsed.GetValue(DryRun);
        if (!dryRun)
        {
            await VerbContext.ConfirmAsync([.. chosen.SelectMany(Irrevocable)], parsed.GetValue(Yes), cancellationToken);
        }

        var reports = new List<S3SetupReport>();
        foreach (var repository in chosen)
        {
            reports.Add(await S3Command.WithBucketAsync(plan, repository, client => OneAsync(client, repository, dryRun, cancellationToken)));
        }

        context.Print<IReadOnlyList<S3SetupReport>>(reports, S3AdminJson.Default.IReadOnlyListS3SetupReport, S3Table.OfSetup, r => r
            .SelectMany(x => x.Settings.Where(s => s.State is SettingState.Changed or SettingState.Differs).Select(s => $"{x.Location} {s.Setting}")));
        foreach (var line in S3Table.Notes(reports.SelectMany(r => r.Settings.Select(s => (r.Repository, s)))))
        {
            context.Say(line);
        }

        return (ExitCode)reports.Max(r => r.ExitCode);
    }

    private static async Task<S3SetupReport> OneAsync(BucketClient client, RepositorySpec repository, bool dryRun, CancellationToken cancellationToken)
    {
        var setup = new BucketSetup(client);
        var settings = dryRun ? await setup.CompareAsync(cancellationToken) : await setup.ApplyAsync(cancellationToken);
        var code = settings.Any(s => s.State is SettingState.Failed or SettingState.Refused) ? ExitCode.Failed
            : settings.Any(s => s.State == SettingState.Unsupported && BucketSettings.Of(client).Any(x => x.Name == s.Setting && x.IsAskedFor)) ? ExitCode.Incomplete
            : ExitCode.Done;
        return new S3SetupReport(
            repository.Name, client.Connection.Settings.ToString(), client.Wish.Endpoint?.AbsoluteUri, dryRun, settings, (int)code);
    }

    private static string Text(string form, BucketWish wish) => form switch
    {
        "aws-cli" => SetupText.AwsCli(wish),
        "terraform" => SetupText.Terraform(wish),
        _ => throw new UserError($"--print {form} is unknown", "use aws-cli or terraform", ExitCode.Usage),
    };

    private static IEnumerable<string> Irrevocable(RepositorySpec repository)
    {
        if (repository.S3!.Setup?.ObjectLock is { Mode: S3ObjectLockSpec.Compliance } wanted)
        {
            yield return $"lock every new object in {repository.S3.Bucket} for {wanted.Days} days, so that nobody can delete it before, not even the account's root";
        }
    }
}
