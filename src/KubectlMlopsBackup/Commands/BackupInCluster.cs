using System.CommandLine;
using KubectlMlopsBackup.InCluster;
using KubectlMlopsBackup.Local;
using KubectlMlopsBackup.Manifests;
using KubectlMlopsBackup.Repository.Snapshots;

namespace KubectlMlopsBackup.Commands;

/// <summary><c>backup</c> in Jobs from the CronJobs' own templates: what runs by hand is what runs at night.</summary>
internal static class BackupInCluster
{
    public static readonly Option<bool> NoWait = new("--no-wait")
    {
        Description = "In the cluster: start the Jobs and leave.",
    };

    /// <param name="only">Null for all that the plan has: one after the other, postgres first, so that they are one recovery point.</param>
    /// <param name="print">Prints what it came to.</param>
    public static async Task<ExitCode> RunAsync(
        ParseResult parsed, VerbContext context, Component? only, Action<BackupOutcome> print, CancellationToken cancellationToken)
    {
        using var verb = await InClusterVerb.BeginAsync(parsed, context, cancellationToken);
        var cronJobs = AgentJobs.Backups(verb.Installed.Spec, only);
        string[] more = [.. ForwardedArguments.Options(parsed, NoWait, InClusterVerb.StartTimeout)];
        var outcomes = new List<BackupOutcome>();
        var worst = ExitCode.Done;
        foreach (var cronJob in cronJobs)
        {
            var job = await verb.Run.StartScheduledAsync(cronJob, more, cancellationToken);
            if (parsed.GetValue(NoWait))
            {
                Console.Out.WriteLine($"job.batch/{job.Metadata.Name} created");
                continue;
            }

            var (code, outcome) = await verb.FollowAsync(job, LocalJson.Default.BackupOutcome, cancellationToken);
            worst = Worse(worst, code);
            if (outcome is not null)
            {
                outcomes.Add(outcome);
            }

            if (code is ExitCode.Usage or ExitCode.NoRepository or ExitCode.WrongKey)
            {
                // It would be the same with the next.
                break;
            }
        }

        if (outcomes.Count > 0)
        {
            print(BackupOutcomes.Join(outcomes, worst));
        }

        return worst;
    }

    /// <summary>Failed is worse than incomplete; anything is worse than done.</summary>
    private static ExitCode Worse(ExitCode a, ExitCode b) =>
        a == ExitCode.Done ? b : b is ExitCode.Done or ExitCode.Incomplete ? a : a == ExitCode.Incomplete ? b : a;
}
