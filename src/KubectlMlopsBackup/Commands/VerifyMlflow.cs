using System.CommandLine;
using KubectlMlopsBackup.Local;
using KubectlMlopsBackup.Manifests;

namespace KubectlMlopsBackup.Commands;

/// <summary><c>verify mlflow</c>: a recovery point's database against its artifacts, or the live ones.</summary>
internal static class VerifyMlflow
{
    public static readonly Option<bool> Live = new("--live")
    {
        Description = "With mlflow: the live database against the live artifacts, in place of a recovery point.",
    };

    public static async Task<ExitCode> RunAsync(ParseResult parsed, VerbContext context, CancellationToken cancellationToken)
    {
        var selection = SelectionOptions.Read(parsed);
        var live = parsed.GetValue(Live);
        if (live && (parsed.GetResult(SelectionOptions.From) is { Implicit: false } || parsed.GetResult(SelectionOptions.At) is not null))
        {
            throw new UserError("--live looks at no recovery point", "leave --live out, or --from and --at", ExitCode.Usage);
        }

        if (live && context is { ReadsHere: true, IsLocal: false })
        {
            throw new UserError("--direct reads repositories only, and --live looks at the platform", "leave one of them out", ExitCode.Usage);
        }

        if (!context.ReadsHere)
        {
            return await InClusterVerb.RunAsync(
                parsed, context, AgentJobs.BackupAccount, LocalJson.Default.ConsistencyReport, r => Print(context, r), cancellationToken,
                live ? AgentJobs.ReadingAll : null);
        }

        var plan = await context.PlanAsync(cancellationToken);
        ConsistencyReport report;
        using (var progress = context.Progress())
        {
            var check = new LocalConsistency(plan, new ProgressFeed(progress.Counters, context.Clock));
            report = live ? await check.LiveAsync(cancellationToken) : await OfPointAsync(check);
        }

        Print(context, report);
        return report.ExitCode;

        async Task<ConsistencyReport> OfPointAsync(LocalConsistency check)
        {
            using var repositories = await OpenRepositories.OpenAsync(plan, parsed.GetValue(SelectionOptions.Repository), cancellationToken);
            var (from, point) = selection.Pair(repositories, plan.Name);
            return await check.OfPointAsync(from.Name, from.Repository, point, cancellationToken);
        }
    }

    private static void Print(VerbContext context, ConsistencyReport report)
    {
        context.Print(
            report,
            LocalJson.Default.ConsistencyReport,
            ConsistencyTable.Of,
            r => r.Findings.Items.Select(i => $"{i.Kind.Replace("_", "", StringComparison.Ordinal)}/{i.Id}").Distinct(StringComparer.Ordinal));
        foreach (var line in ConsistencyTable.Notes(report))
        {
            context.Say(line);
        }
    }
}
