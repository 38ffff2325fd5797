using System.CommandLine;
using KubectlMlopsBackup.Local;
using KubectlMlopsBackup.Manifests;
using KubectlMlopsBackup.Output;

namespace KubectlMlopsBackup.Commands;

internal static class PruneCommand
{
    private static readonly Option<bool> DryRun = new("--dry-run") { Description = "Say what would go, and why the rest stays; write nothing." };

    public static Command Create() => Verb.Create(
        "prune",
        "Let go the snapshots that the plan's retention does not keep. Space is freed after a grace period of 48 hours.",
        [DryRun, SelectionOptions.Repository, InClusterVerb.StartTimeout],
        RunAsync);

    private static async Task<ExitCode> RunAsync(ParseResult parsed, VerbContext context, CancellationToken cancellationToken)
    {
        if (!context.IsLocal)
        {
            return await InClusterVerb.RunAsync(
                parsed, context, AgentJobs.PruneAccount, LocalJson.Default.IReadOnlyListPruneOutcome, o => Print(context, o), cancellationToken);
        }

        var plan = await context.PlanAsync(cancellationToken);
        IReadOnlyList<PruneOutcome> outcomes;
        Exception? failure;
        using (var progress = context.Progress())
        {
            progress.Counters.Begin("prune");
            (outcomes, failure) = await LocalPrune.RunAsync(
                plan,
                parsed.GetValue(SelectionOptions.Repository),
                parsed.GetValue(DryRun),
                cancellationToken,
                waiting => progress.Counters.Begin(waiting));
        }

        Print(context, outcomes);
        return failure is null ? ExitCode.Done : ErrorPrinter.Print(failure, parsed.GetValue(GlobalOptions.Verbose), context.Format == OutputFormat.Events);
    }

    private static void Print(VerbContext context, IReadOnlyList<PruneOutcome> outcomes)
    {
        context.Print(outcomes, LocalJson.Default.IReadOnlyListPruneOutcome, Table, o => o
            .SelectMany(x => x.Snapshots).Where(s => !s.Kept).Select(s => $"snapshot/{s.Id}"));
        foreach (var o in outcomes.Where(o => o.Error is null))
        {
            context.Say(
                $"{o.Repository}: {o.Snapshots.Count(s => !s.Kept)} of {o.Snapshots.Count} snapshots {(o.DryRun ? "would go" : "let go")}, "
                + $"{Humanize.Bytes(o.BytesDeleted)} freed, {Humanize.Bytes(o.BytesMarked)} to be freed after the grace period"
                + (o.Reports > 0 ? $", {Humanize.Count(o.Reports)} old reports {(o.DryRun ? "would go" : "let go")}" : "")
                + (o.Retained > 0 ? $", {o.Retained} objects retained by the store" : ""));
        }
    }

    private static TableWriter Table(IReadOnlyList<PruneOutcome> outcomes)
    {
        var table = new TableWriter(
            new TableColumn("Id"),
            new TableColumn("Component"),
            new TableColumn("Time"),
            new TableColumn("Repository"),
            new TableColumn("Decision"),
            new TableColumn("Because"));
        foreach (var outcome in outcomes)
        {
            foreach (var s in outcome.Snapshots)
            {
                table.Add(
                    s.Id[..8],
                    s.Component.ToString().ToLowerInvariant(),
                    $"{s.Time:u}",
                    outcome.Repository,
                    s.Kept ? "keep" : "let go",
                    s.Kept ? string.Join(", ", s.Reasons) : "no rule keeps it");
            }
        }

        return table;
    }
}
