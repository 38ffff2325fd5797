using System.CommandLine;
using KubectlMlopsBackup.Configuration;
using KubectlMlopsBackup.Diagnostics;
using KubectlMlopsBackup.Diagnostics.Bundle;
using KubectlMlopsBackup.Diagnostics.Outside;
using KubectlMlopsBackup.Output;

namespace KubectlMlopsBackup.Commands;

internal static class DoctorCommand
{
    private static readonly Option<bool> NoProbe = new("--no-probe")
    {
        Description = "Make no Job in the cluster: the database, the store and the repositories are not looked at then.",
    };

    private static readonly Option<string> Bundle = new("--bundle")
    {
        Description = "Write a tar.gz for a ticket: the report, the namespace's objects, events and the Jobs' logs, with secrets taken out.",
        HelpName = "FILE",
    };

    /// <summary>For the Job: that something is wrong in the platform is no failure of the Job's, and nobody is to be called for it twice.</summary>
    private static readonly Option<bool> ExitZero = new("--exit-zero") { Hidden = true };

    /// <summary>For a pod that does not start: who diagnoses waits less than who backs up.</summary>
    private static readonly TimeSpan DefaultStart = TimeSpan.FromMinutes(1);

    public static Command Create() => Verb.Create(
        "doctor",
        """
        Why does it not work? Checks all that can be checked, and says what is wrong, what was seen, and the fix. Exit code 4 when there is a problem.

        From here, with your own rights: the API server, the plan against the cluster, schedules, runs, volumes. From one Job: the database, the
        store, the repositories, the artifacts. With --local all of that is looked at from this process. docs/troubleshooting.md has a section for each fault.
        """,
        [NoProbe, Bundle, ExitZero, InClusterVerb.StartTimeout],
        RunAsync);

    private static async Task<ExitCode> RunAsync(ParseResult parsed, VerbContext context, CancellationToken cancellationToken)
    {
        if (context.IsLocal)
        {
            var isProbe = parsed.GetValue(ExitZero);
            var local = await LocalDoctor.RunAsync(
                await context.PlanAsync(cancellationToken), isProbe ? "kubectl mlopsbackup" : "kubectl mlopsbackup --local", isProbe, cancellationToken);
            if (parsed.GetValue(Bundle) is { } ticket)
            {
                Say(ticket, await SupportBundle.WriteLocalAsync(ticket, local, await PlanLoader.ReadTextAsync(context.PlanPath, cancellationToken), cancellationToken));
            }

            var code = Print(context, local);
            return isProbe ? ExitCode.Done : code;
        }

        var start = parsed.GetResult(InClusterVerb.StartTimeout) is null ? DefaultStart : InClusterVerb.StartTime(parsed);
        using var api = await context.ClusterAsync(cancellationToken);
        using var progress = context.Progress();
        progress.Counters.Begin("looking");
        var report = await new ClusterDoctor(api, context.Clock).RunAsync(
            parsed.GetValue(NoProbe) ? null : look => [new ProbeCheck(look, new DoctorConsole(progress), start)], cancellationToken);
        if (parsed.GetValue(Bundle) is { } file)
        {
            progress.Counters.Begin("writing the bundle");
            var count = await SupportBundle.WriteAsync(file, report, api, cancellationToken);
            progress.Dispose();
            Say(file, count);
        }

        progress.Dispose();
        return Print(context, report);
    }

    private static void Say(string file, int count) =>
        Console.Error.WriteLine($"{file}: {count} files; what looks like a secret is taken out, but look through it before you send it");

    private static ExitCode Print(VerbContext context, DoctorReport report)
    {
        if (context.IsTable)
        {
            new DoctorTable(Console.Out, context.OutputTerminal, context.Format == OutputFormat.Wide).Write(report);
        }
        else
        {
            context.Print(report, DoctorJson.Default.DoctorReport, _ => new TableWriter(), r => r.Findings.Where(f => f.Fault is not null).Select(f => $"{f.Verdict.ToString().ToLowerInvariant()}/{f.Fault}"));
        }

        return (ExitCode)report.ExitCode;
    }
}
