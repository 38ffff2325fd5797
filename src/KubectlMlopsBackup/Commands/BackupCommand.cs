using System.CommandLine;
using KubectlMlopsBackup.Commands.Completion;
using KubectlMlopsBackup.Local;
using KubectlMlopsBackup.Output;
using KubectlMlopsBackup.Repository.Snapshots;

namespace KubectlMlopsBackup.Commands;

internal static class BackupCommand
{
    private static readonly Argument<string> What = ComponentArgument.Create("What to back up: postgres, artifacts, config, or all that the plan has.");

    private static readonly Option<bool> ForceRead = new("--force-read")
    {
        Description = "Read files that did not change, too.",
    };

    private static readonly Option<bool> AllowEmpty = new("--allow-empty")
    {
        Description = "A source without a single file is good. Otherwise it is taken for a volume that was not mounted.",
    };

    private static readonly Option<bool> NoMirror = new("--no-mirror")
    {
        Description = "Do not copy to the plan's other repositories.",
    };

    private static readonly Option<bool> Prune = new("--prune")
    {
        Description = "Apply retention afterwards, if everything was backed up whole.",
    };

    public static Command Create() => Verb.Create(
        "backup",
        "Back up a component, or all, into the plan's first repository, and mirror it to the others.",
        [
            What, ForceRead, AllowEmpty, NoMirror, Prune, .. ConfigBackupOptions.All, ShareOption.Share, ShareOption.Run,
            BackupInCluster.NoWait, InClusterVerb.StartTimeout,
        ],
        RunAsync);

    private static async Task<ExitCode> RunAsync(ParseResult parsed, VerbContext context, CancellationToken cancellationToken)
    {
        var only = ComponentArgument.Parse(parsed.GetValue(What)!);
        if (!context.IsLocal)
        {
            ShareOption.RefuseInCluster(parsed);
            return await BackupInCluster.RunAsync(parsed, context, only, outcome => Print(parsed, context, outcome), cancellationToken);
        }

        var plan = await context.PlanAsync(cancellationToken);
        var request = new BackupRequest
        {
            Components = only is { } one ? [one] : Configured(plan),
            ForceRead = parsed.GetValue(ForceRead),
            AllowEmpty = parsed.GetValue(AllowEmpty),
            NoMirror = parsed.GetValue(NoMirror),
            Prune = parsed.GetValue(Prune),
            Cluster = ClusterFlags.Read(parsed),
            Config = ConfigBackupOptions.Read(parsed),
            Share = ShareOption.OfRun(parsed),
        };
        ShareOption.OnlyForArtifacts(request.Share, request.Components);
        BackupOutcome outcome;
        IReadOnlyList<Exception> failures;
        using (var progress = context.Progress())
        {
            (outcome, failures) = await new LocalBackup(plan, request, new ProgressFeed(progress.Counters, context.Clock))
                .RunAsync(cancellationToken);
        }

        context.States = outcome.State;
        context.HasPruned = outcome.Prunes is { Count: > 0 } prunes && prunes.All(p => p.Error is null && !p.DryRun);
        Print(parsed, context, outcome);
        context.PartFailure = failures.Count > 0 ? failures[0] : null;
        foreach (var failure in failures)
        {
            ErrorPrinter.Print(failure, parsed.GetValue(GlobalOptions.Verbose), context.Format == OutputFormat.Events);
        }

        return (ExitCode)outcome.ExitCode;
    }

    private static void Print(ParseResult parsed, VerbContext context, BackupOutcome outcome)
    {
        KnownSnapshots.Remember(parsed, outcome);
        context.Print(outcome, LocalJson.Default.BackupOutcome, BackupTable.Of, o => o.Components
            .Where(c => c.Snapshot is not null).Select(c => $"snapshot/{c.Snapshot}"));
        foreach (var line in BackupTable.Notes(outcome))
        {
            context.Note(line);
        }
    }

    private static Component[] Configured(LocalPlan plan) =>
    [
        .. plan.Spec.Postgres is null ? Array.Empty<Component>() : [Component.Postgres],
        .. plan.Spec.Artifacts is null ? Array.Empty<Component>() : [Component.Artifacts],
        .. plan.Spec.Config is null ? Array.Empty<Component>() : [Component.Config],
    ];
}
