using KubectlMlopsBackup.InCluster;
using KubectlMlopsBackup.Local;
using KubectlMlopsBackup.Manifests;
using KubectlMlopsBackup.Monitoring.Notifications;
using KubectlMlopsBackup.Output;
using KubectlMlopsBackup.Recovery;
using KubectlMlopsBackup.Recovery.Drills;
using KubectlMlopsBackup.Recovery.Reports;
using KubectlMlopsBackup.Recovery.Sources;

namespace KubectlMlopsBackup.Commands;

/// <summary>A drill in a Job of the installed plan: this pod reads the repositories itself, and has no rights at the API server but its account's.</summary>
internal static class ScheduledDrill
{
    public static async Task<ExitCode> RunAsync(
        VerbContext context, PointSelection point, IReadOnlyList<(string File, ReportFormat Format)> files, TimeSpan start, CancellationToken cancellationToken)
    {
        using var api = await context.ClusterAsync(cancellationToken);
        var installed = await InstalledPlan.GetAsync(api, cancellationToken);
        var local = await context.PlanAsync(cancellationToken);
        var grant = new DrillGrant(AgentJobs.DrillAccount, installed.Namespace, DrillScheduleManifests.ScratchRole(installed.Namespace));
        RecoveryResult result;
        using (var progress = context.Progress())
        {
            var console = new RecoveryConsole(progress);
            result = await new DrillRun(
                api,
                installed,
                new DrillOptions(installed.Spec.Recovery.Drill.Namespace, point, Keep: false, start, RunHooks: false, grant, (ids, token) => local.DrillArtifacts().ClearAsync(ids, token)),
                async token => await DirectSource.OpenAsync(local, token),
                console,
                console.Note,
                console.Begin,
                context.Clock).RunAsync(cancellationToken);
        }

        var report = ReportBuilder.Of(result, ReportKind.Drill, installed.Spec, result.Cancelled ? null : await ClusterVersion.ReadAsync(api, cancellationToken));
        // However it ended, and whoever stopped it: a drill that nobody hears of proves nothing.
        var saved = await ReportSaving.SaveAsync(() => SaveAsync(local, report));
        report = saved?.Report ?? report;
        var code = ReportJudge.Code(report);
        context.Notice = NoticeOf(report, saved?.Id, code);
        context.States = await LocalState.ReadAsync(local, null, new Dictionary<string, string>(), CancellationToken.None);
        TerminationMessage.Current.Write(
            new DrillOutcome
            {
                Verdict = report.Verdict,
                Report = saved?.Id,
                Cause = report.Verdict == ReportVerdict.Passed ? null : string.Join("; ", ReportJudge.Reasons(report).Take(3)),
                State = context.States,
            },
            ReportJson.Default.DrillOutcome);
        await RecoveryOutput.ShowAsync(context, report, saved?.Id, files);
        return code == ExitCode.Done && saved is null ? ExitCode.Incomplete : code;
    }

    private static async Task<SavedReport> SaveAsync(LocalPlan local, RecoveryReport report)
    {
        using var archive = await ReportArchive.OpenAsync(local, null, CancellationToken.None);
        return await archive.SaveAsync(report, CancellationToken.None);
    }

    private static Notice NoticeOf(RecoveryReport report, string? id, ExitCode code) => new()
    {
        Plan = report.Plan,
        Verb = ReportWords.Of(report.Kind).ToLowerInvariant(),
        ExitCode = (int)code,
        Outcome = ReportWords.Of(report.Verdict).ToLowerInvariant(),
        Message = $"{ReportWords.Headline(report)}{(id is null ? "" : $" (report {id[..8]})")}",
        Fix = report.Fix,
        Seconds = report.Duration().TotalSeconds,
        Host = Environment.MachineName,
        Time = report.Finished,
    };
}
