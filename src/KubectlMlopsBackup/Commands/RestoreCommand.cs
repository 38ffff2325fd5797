using System.CommandLine;
using KubectlMlopsBackup.Local;
using KubectlMlopsBackup.Mlflow;
using KubectlMlopsBackup.Output;
using KubectlMlopsBackup.Repository.Snapshots;
using KubectlMlopsBackup.Sources.Artifacts;
using KubectlMlopsBackup.Sources.Artifacts.Restore;
using KubectlMlopsBackup.Sources.Postgres;

namespace KubectlMlopsBackup.Commands;

internal static class RestoreCommand
{
    private static readonly Argument<string> What = ComponentArgument.Create(
        "What to restore: postgres, artifacts, config, or all data (postgres and artifacts) of a recovery point; Kubernetes objects are only restored by name (config), with your own rights.");

    private static readonly Option<bool> Yes = new("--yes", "-y") { Description = "Do not ask before live data is replaced." };

    private static readonly Option<string> To = new("--to")
    {
        Description = "Artifacts: another folder than the plan's, or s3://BUCKET/PREFIX.",
        HelpName = "PLACE",
    };

    private static readonly Option<bool> Delete = new("--delete")
    {
        Description = "Artifacts: delete what the snapshot does not have.",
    };

    private static readonly Option<string[]> Include = new("--include")
    {
        Description = "Artifacts: only paths that fit, such as '3/**' or MLmodel. Config: only these kinds, such as Deployment.apps. May be given again.",
        HelpName = "PATTERN",
    };

    private static readonly Option<string[]> Exclude = new("--exclude")
    {
        Description = "Artifacts: not the paths that fit. Config: not these kinds. May be given again.",
        HelpName = "PATTERN",
    };

    private static readonly Option<string> ToDatabase = new("--to-database")
    {
        Description = "Postgres: another database than the plan's.",
        HelpName = "NAME",
    };

    private static readonly Option<bool> InPlace = new("--in-place")
    {
        Description = "Postgres: into the live database, in one transaction, for roles that may not create databases.",
    };

    private static readonly Option<bool> DropPrevious = new("--drop-previous")
    {
        Description = "Postgres: drop the replaced database instead of keeping it as NAME_before_TIME.",
    };

    private static readonly Option<string[]> MapArtifacts = new(ArtifactMap.OptionName)
    {
        Description = "Postgres: rewrite artifact URIs at or under OLD to NEW, for artifacts that now lie elsewhere. May be given again; the longest OLD counts.",
        HelpName = "OLD=NEW",
    };

    private static readonly Option<bool> DryRun = new("--dry-run")
    {
        Description = "Compare what is there with the snapshot (files by content, tables by row count) and write nothing; exit code 4 if it differs. Config: the API server checks each object and keeps nothing.",
    };

    private static readonly Option<bool> NoOwner = new("--no-owner")
    {
        Description = "Leave out owners (and grants): all belongs to whoever restores.",
    };

    public static Command Create() => Verb.Create(
        "restore",
        "Restore a component, or a whole recovery point: beside what is there, checked, then put in its place.",
        [
            What, SelectionOptions.From, SelectionOptions.At, SelectionOptions.Repository, Yes, To, Delete, Include, Exclude,
            ToDatabase, InPlace, DropPrevious, NoOwner, MapArtifacts, DryRun, ShareOption.Share,
            .. RestoreConfigOptions.All, RestoreInCluster.ToNamespace, RestoreInCluster.Resume, RestoreInCluster.Abort, RestoreInCluster.NoScaleDown, InClusterVerb.StartTimeout,
        ],
        RunAsync);

    private static async Task<ExitCode> RunAsync(ParseResult parsed, VerbContext context, CancellationToken cancellationToken)
    {
        if (ComponentArgument.Parse(parsed.GetValue(What)!) == Component.Config)
        {
            return await RestoreConfig.RunAsync(
                parsed, context, parsed.GetValue(DryRun), parsed.GetValue(Yes), parsed.GetValue(Include) ?? [], parsed.GetValue(Exclude) ?? [], cancellationToken);
        }

        RestoreConfigOptions.RefuseOthers(parsed);
        var request = Request(parsed);
        if (request.Component == Component.Postgres && !request.Artifacts.Filter.HasNoPatterns)
        {
            throw new UserError(
                "--include and --exclude choose artifacts, and only the database is restored", "leave them out, or restore artifacts or all", ExitCode.Usage);
        }

        if (!context.IsLocal)
        {
            ShareOption.RefuseInCluster(parsed);
            return await RestoreInCluster.RunAsync(parsed, context, request.Component, request.To, request.DryRun, Yes, cancellationToken);
        }

        if (parsed.GetResult(RestoreInCluster.ToNamespace) is not null)
        {
            throw new UserError(
                "--to-namespace is for a cluster, and --local is this process",
                "leave one of them out; to restore elsewhere with --local: --to and --to-database, or another plan",
                ExitCode.Usage);
        }

        var plan = await context.PlanAsync(cancellationToken);
        using var restore = await LocalRestore.PrepareAsync(plan, request, cancellationToken);
        await VerbContext.ConfirmAsync(restore.Replaces, parsed.GetValue(Yes), cancellationToken);
        RestoreOutcome outcome;
        using (var progress = context.Progress())
        {
            outcome = await restore.RunAsync(new ProgressFeed(progress.Counters, context.Clock), cancellationToken);
        }

        context.Print(outcome, LocalJson.Default.RestoreOutcome, RestoreTable.Of, o =>
            [o.RecoveryPoint is { } point ? $"recoverypoint/{point}" : $"snapshot/{o.Artifacts?.Snapshot ?? request.Selection.From}"]);
        RestoreTable.PrintNotes(context, outcome);
        return outcome.Differs ? ExitCode.CheckFailed : outcome.Incomplete ? ExitCode.Incomplete : ExitCode.Done;
    }

    private static RestoreRequest Request(ParseResult parsed) => new()
    {
        Share = ShareOption.OfArtifacts(parsed, ComponentArgument.Parse(parsed.GetValue(What)!)),
        Component = ComponentArgument.Parse(parsed.GetValue(What)!),
        Selection = SelectionOptions.Read(parsed),
        Repository = parsed.GetValue(SelectionOptions.Repository),
        To = parsed.GetValue(To),
        Artifacts = new RestoreOptions
        {
            Filter = new PathFilter(parsed.GetValue(Include) ?? [], parsed.GetValue(Exclude) ?? []),
            Delete = parsed.GetValue(Delete),
            NoOwner = parsed.GetValue(NoOwner),
            DryRun = parsed.GetValue(DryRun),
        },
        Postgres = new PostgresRestoreOptions
        {
            TargetDatabase = parsed.GetValue(ToDatabase),
            InPlace = parsed.GetValue(InPlace),
            DropPrevious = parsed.GetValue(DropPrevious),
            NoOwner = parsed.GetValue(NoOwner),
            ArtifactMap = Map(parsed),
        },
    };

    /// <summary>Refused here too, so that nothing is stopped in a cluster for what cannot be.</summary>
    private static ArtifactMap? Map(ParseResult parsed)
    {
        var map = ArtifactMap.Parse(parsed.GetValue(MapArtifacts) ?? []);
        return map is not null && ComponentArgument.Parse(parsed.GetValue(What)!) == Component.Artifacts
            ? throw new UserError(
                $"{ArtifactMap.OptionName} rewrites the database, and only the artifacts are restored",
                "leave it out, or restore postgres or all; where the files go to is --to",
                ExitCode.Usage)
            : map;
    }
}
