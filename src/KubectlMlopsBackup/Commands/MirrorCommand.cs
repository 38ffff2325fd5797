using System.CommandLine;
using KubectlMlopsBackup.Commands.Completion;
using KubectlMlopsBackup.Configuration;
using KubectlMlopsBackup.Local;
using KubectlMlopsBackup.Manifests;
using KubectlMlopsBackup.Output;
using KubectlMlopsBackup.Repository.Mirroring;

namespace KubectlMlopsBackup.Commands;

internal static class MirrorCommand
{
    private static readonly Option<string> From = new("--from") { Description = "Name of a repository in the plan. Default: the first.", HelpName = "NAME", CompletionSources = { KnownNames.Repositories } };

    private static readonly Option<string> To = new("--to") { Description = "Name of a repository in the plan. Default: all others.", HelpName = "NAME", CompletionSources = { KnownNames.Repositories } };

    public static Command Create() => Verb.Create(
        "mirror", "Copy the snapshots that one repository has and others lack.", [From, To, InClusterVerb.StartTimeout], RunAsync);

    private static async Task<ExitCode> RunAsync(ParseResult parsed, VerbContext context, CancellationToken cancellationToken)
    {
        if (!context.IsLocal)
        {
            return await InClusterVerb.RunAsync(
                parsed, context, AgentJobs.BackupAccount, LocalJson.Default.IReadOnlyListMirrorReport, r => Print(context, r), cancellationToken);
        }

        var plan = await context.PlanAsync(cancellationToken);
        var from = parsed.GetValue(From) is { } name ? plan.RepositorySpec(name) : plan.Spec.Repositories[0];
        List<RepositorySpec> targets = parsed.GetValue(To) is { } target
            ? [plan.RepositorySpec(target)]
            : [.. plan.Spec.Repositories.Where(r => r != from)];
        if (targets.Count == 0 || targets.Contains(from))
        {
            throw new UserError(
                $"there is nothing to mirror {from.Name} to", "name another repository of the plan with --to", ExitCode.Usage);
        }

        await RepositoryTwins.RefuseAsync(plan, [from, .. targets], cancellationToken);
        using var source = await plan.OpenAsync(from, cancellationToken);
        var reports = new List<MirrorReport>();
        var refused = new List<string>();
        using (var progress = context.Progress())
        {
            foreach (var to in targets)
            {
                var counters = new MirrorCounters();
                using var feed = new ProgressFeed(progress.Counters, context.Clock).Mirror(to.Name, counters);
                using var repository = await plan.OpenAsync(to, cancellationToken);
                var guard = new ClearSecretsGuard(repository);
                var report = await new Mirror(source, repository, plan.WriterOptions, counters).RunAsync(guard.MayCopy, cancellationToken);
                if (guard.Problem() is { } problem)
                {
                    refused.Add($"{to.Name}: {problem}");
                }

                reports.Add(report with { From = from.Name, To = to.Name });
            }
        }

        Print(context, reports);
        foreach (var problem in refused)
        {
            await Console.Error.WriteLineAsync($"error: {problem}");
        }

        return !reports.TrueForAll(r => r.Damages.Count == 0) ? ExitCode.CheckFailed : refused.Count > 0 ? ExitCode.Incomplete : ExitCode.Done;
    }

    private static void Print(VerbContext context, IReadOnlyList<MirrorReport> reports)
    {
        context.Print(
            reports, LocalJson.Default.IReadOnlyListMirrorReport, Table, r => r.SelectMany(x => x.Copied).Select(id => $"snapshot/{id}"));
        foreach (var (report, damage) in reports.SelectMany(r => r.Damages.Select(d => (r, d))))
        {
            context.Say($"damage: {report.From}: {damage.Key}: {damage.What}; it is not in {report.To}");
        }
    }

    private static TableWriter Table(IReadOnlyList<MirrorReport> reports)
    {
        var table = new TableWriter(
            new TableColumn("From"),
            new TableColumn("To"),
            new TableColumn("Copied"),
            new TableColumn("There before"),
            new TableColumn("Damaged"),
            new TableColumn("Sent"),
            new TableColumn("Took"));
        foreach (var r in reports)
        {
            table.Add(
                r.From,
                r.To,
                Humanize.Count(r.Copied.Count),
                Humanize.Count(r.Present),
                Humanize.Count(r.Damages.Count),
                Humanize.Bytes(r.BytesStored),
                Humanize.Duration(TimeSpan.FromSeconds(r.Seconds)));
        }

        return table;
    }
}
