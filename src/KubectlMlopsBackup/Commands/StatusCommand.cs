using System.CommandLine;
using KubectlMlopsBackup.Commands.Next;
using KubectlMlopsBackup.InCluster;
using KubectlMlopsBackup.InCluster.Status;
using KubectlMlopsBackup.Local;
using KubectlMlopsBackup.Output;
using KubectlMlopsBackup.Repository.Snapshots;

namespace KubectlMlopsBackup.Commands;

internal static class StatusCommand
{
    private static readonly Option<bool> Watch = new("--watch", "-w")
    {
        Description = "Show it again on every change, and every 5 seconds, until Ctrl-C.",
    };

    public static Command Create() => Verb.Create(
        "status",
        """
        Are we safe? Last success against the RPO, schedules, trends, repositories; what is wrong, worst first. Exit code 4 when not safe.

        In the cluster it is read from CronJobs, Jobs and what their pods said last: no repository is opened. With --local the
        repositories are opened, and nothing is known of schedules.
        """,
        [Watch],
        RunAsync);

    private static async Task<ExitCode> RunAsync(ParseResult parsed, VerbContext context, CancellationToken cancellationToken)
    {
        if (context.IsLocal)
        {
            var plan = await context.PlanAsync(cancellationToken);
            return parsed.GetValue(Watch)
                ? await new StatusWatch(context).PollAsync(token => LocalAsync(plan, context, token), cancellationToken)
                : Print(context, await LocalAsync(plan, context, cancellationToken));
        }

        using var api = await context.ClusterAsync(cancellationToken);
        var installed = await InstalledPlan.GetAsync(api, cancellationToken);
        return parsed.GetValue(Watch)
            ? await new StatusWatch(context).FollowAsync(api, installed, cancellationToken)
            : Print(context, ClusterStatus.Of(await ClusterFactsReader.ReadAsync(api, installed, context.Clock, drills: true, cancellationToken)));
    }

    public static ExitCode Print(VerbContext context, StatusReport report)
    {
        context.Next = After(report);
        if (context.IsTable)
        {
            new StatusTable(Console.Out, context.OutputTerminal, context.Format == OutputFormat.Wide).Write(report);
        }
        else
        {
            context.Print(report, StatusJson.Default.StatusReport, _ => new TableWriter(), Names);
        }

        return (ExitCode)report.ExitCode;
    }

    /// <returns>Null for what the exit code says: find the fault, or verify what was never verified.</returns>
    private static NextStep? After(StatusReport report) =>
        !report.Safe || report.Components.Any(c => c.Verified is null) ? null
        // A drill is made from a bucket, and wants all components.
        : report.Namespace is not null && report.Components.Any(c => c.Component == Component.Config) && report.Repositories.Any(r => r.Claim is null)
            ? new("drill", "the proof that counts: a whole recovery, beside the platform")
            : new("restore all --from latest --dry-run", "compare the platform with its newest backup, and write nothing");

    /// <summary>The newest run of each kind; with <c>--local</c>, where nobody knows of runs, the repositories.</summary>
    private static IEnumerable<string> Names(StatusReport report) => report.Verification is null
        ? report.Repositories.Select(r => $"repository/{r.Repository}")
        : report.Components
        .Select(c => c.Running ?? c.LastRun)
        .Append(report.Verification?.Running ?? report.Verification?.LastRun)
        .Append(report.Drill?.Running ?? report.Drill?.LastRun)
        .OfType<RunStatus>()
        .Select(r => $"job.batch/{r.Job}");

    private static async Task<StatusReport> LocalAsync(LocalPlan plan, VerbContext context, CancellationToken cancellationToken) =>
        RepositoriesStatus.Of(
            plan.Plan, await LocalState.ReadAsync(plan, null, new Dictionary<string, string>(), cancellationToken), context.Clock.GetUtcNow());
}
