using System.CommandLine;
using KubectlMlopsBackup.Configuration;
using KubectlMlopsBackup.Local;
using KubectlMlopsBackup.S3Admin;
using KubectlMlopsBackup.S3Admin.Probing;

namespace KubectlMlopsBackup.Commands;

internal static class S3CheckCommand
{
    private static readonly Option<bool> NoProbe = new("--no-probe") { Description = "Compare the bucket's settings only; write no objects to try what the store can do." };

    public static Command Create() => Verb.Create(
        "check",
        "Compare the plan's buckets with what s3 setup makes, and try what their stores can do with small objects of its own. Exit code 4: they differ, or lack what a repository needs.",
        [S3Command.Repository, NoProbe],
        RunAsync);

    private static async Task<ExitCode> RunAsync(ParseResult parsed, VerbContext context, CancellationToken cancellationToken)
    {
        var plan = await context.PlanAsync(cancellationToken);
        var probe = !parsed.GetValue(NoProbe);
        var reports = new List<S3CheckReport>();
        foreach (var repository in S3Command.Chosen(plan, parsed.GetValue(S3Command.Repository)))
        {
            reports.Add(await S3Command.WithBucketAsync(plan, repository, client => OneAsync(client, repository, probe, context, cancellationToken)));
        }

        context.Print<IReadOnlyList<S3CheckReport>>(reports, S3AdminJson.Default.IReadOnlyListS3CheckReport, S3Table.OfSettings, r => r
            .Where(x => x.ExitCode != (int)ExitCode.Done).Select(x => x.Location));
        foreach (var line in S3Table.Notes(reports.SelectMany(r => r.Settings.Select(s => (r.Repository, s)))))
        {
            context.Say(line);
        }

        if (probe && context.IsTable)
        {
            context.Say("");
            S3Table.OfAbilities(reports).Write(Console.Out, context.Format == Output.OutputFormat.Wide, context.OutputTerminal.IsTerminal ? Output.Terminal.Width() : null);
            foreach (var line in S3Table.Notes(reports.SelectMany(r => r.Abilities.Select(a => (r.Repository, a)))))
            {
                context.Say(line);
            }
        }

        var code = (ExitCode)reports.Max(r => r.ExitCode);
        if (code == ExitCode.CheckFailed)
        {
            context.Say("");
            context.Say("s3 setup --dry-run shows what it would change, s3 setup changes it");
        }

        return code;
    }

    private static async Task<S3CheckReport> OneAsync(
        BucketClient client, RepositorySpec repository, bool probe, VerbContext context, CancellationToken cancellationToken)
    {
        var settings = await new BucketSetup(client).CompareAsync(cancellationToken);
        if (settings[0].State == SettingState.Differs)
        {
            throw new UserError(
                $"{client.Connection.Settings}: there is no bucket {client.Bucket}",
                "s3 setup makes it, versioned and encrypted; or correct the bucket's name or the endpoint in the plan",
                ExitCode.NoRepository);
        }

        IReadOnlyList<AbilityReport> abilities = probe && settings[0].State == SettingState.Ok
            ? await StoreProbes.RunAsync(client, context.Clock, w => Console.Error.WriteLine($"warning: {w}"), cancellationToken)
            : [];
        var asked = BucketSettings.Of(client).Where(s => s.IsAskedFor).Select(s => s.Name).ToHashSet(StringComparer.Ordinal);
        var wrong = settings.Any(s => s.State is SettingState.Differs or SettingState.Refused or SettingState.Failed
                || (s.State == SettingState.Unsupported && asked.Contains(s.Setting)))
            || abilities.Any(a => a is { Required: true, Works: not true });
        return new S3CheckReport(
            repository.Name,
            client.Connection.Settings.ToString(),
            client.Wish.Endpoint?.AbsoluteUri,
            settings,
            abilities,
            (int)(wrong ? ExitCode.CheckFailed : ExitCode.Done));
    }
}
