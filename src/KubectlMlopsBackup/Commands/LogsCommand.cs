using System.CommandLine;
using KubectlMlopsBackup.Cluster.Api;
using KubectlMlopsBackup.Cluster.Jobs;
using KubectlMlopsBackup.Cluster.Models;
using KubectlMlopsBackup.InCluster;
using KubectlMlopsBackup.Output;

namespace KubectlMlopsBackup.Commands;

internal static class LogsCommand
{
    private static readonly TimeSpan Pace = TimeSpan.FromSeconds(10);

    private static readonly Argument<string?> What = new("JOB")
    {
        Description = "A Job, or what it does (postgres, artifacts, verify, restore, prune, …): the newest of these. Default: the plan's newest.",
        Arity = ArgumentArity.ZeroOrOne,
        CompletionSources = { "postgres", "artifacts", "verify", "restore", "prune" },
    };

    private static readonly Option<bool> Follow = new("--follow", "-f")
    {
        Description = "Stay until the Job has ended, and end with its exit code.",
    };

    public static Command Create() => Verb.Create(
        "logs", "What a Job in the cluster says: its progress, condensed, and its result. -o json: its lines as they are.",
        [What, Follow], RunAsync);

    private static async Task<ExitCode> RunAsync(ParseResult parsed, VerbContext context, CancellationToken cancellationToken)
    {
        if (context.IsLocal)
        {
            throw new UserError("there are no logs of what runs in this process", "leave out --local", ExitCode.Usage);
        }

        var raw = context.Format switch
        {
            OutputFormat.Table or OutputFormat.Wide => false,
            OutputFormat.Json or OutputFormat.Events => true,
            _ => throw new UserError($"--output: logs are not to be had as {parsed.GetValue(GlobalOptions.Output)}", "use table or json", ExitCode.Usage),
        };
        using var api = await context.ClusterAsync(cancellationToken);
        var installed = await InstalledPlan.GetAsync(api, cancellationToken);
        var job = await JobFinder.FindAsync(api, installed, parsed.GetValue(What), cancellationToken);
        await Console.Error.WriteLineAsync($"job {job.Metadata.Name}");
        return parsed.GetValue(Follow)
            ? await FollowAsync(api, context, job, raw, cancellationToken)
            : await ShowAsync(api, context, job, raw, cancellationToken);
    }

    private static async Task<ExitCode> FollowAsync(ClusterApi api, VerbContext context, JobView job, bool raw, CancellationToken cancellationToken)
    {
        var lines = new LogLines(Console.Out, context.Clock, Pace);
        var end = await new JobFollower(api, api.Namespace, new LogObserver(lines, raw), context.Clock)
            // It is not ours to give up on.
            .FollowAsync(job, TimeSpan.MaxValue, cancellationToken);
        lines.Flush();
        if (end.Code != ExitCode.Done)
        {
            await Console.Error.WriteLineAsync(
                $"job {end.Job} ended with exit code {(int)end.Code}{(end.Failures is [var failure, ..] ? $": {PlainText.Clean(failure.Message)}" : "")}");
        }

        return end.Code;
    }

    private static async Task<ExitCode> ShowAsync(ClusterApi api, VerbContext context, JobView job, bool raw, CancellationToken cancellationToken)
    {
        var pods = await api.ListAsync(
            ApiResource.Pods, api.Namespace, job.PodSelector, null, ClusterJson.Default.ListViewPodView, cancellationToken);
        if (pods.Items.Count == 0)
        {
            throw new UserError(
                $"job {job.Metadata.Name} has no pod {(job.End is null ? "yet" : "any more, and its log is gone with it")}",
                $"see: kubectl -n {api.Namespace} describe job {job.Metadata.Name}", ExitCode.Usage);
        }

        foreach (var pod in pods.Items.OrderBy(p => p.Metadata.CreationTimestamp))
        {
            var lines = new LogLines(Console.Out, context.Clock, null);
            if (pods.Items.Count > 1)
            {
                await Console.Error.WriteLineAsync($"pod {pod.Metadata.Name}");
            }

            if (pod.Container(AgentLog.Container)?.State is not ({ Running: not null } or { Terminated: not null }))
            {
                await Console.Error.WriteLineAsync($"pod {pod.Metadata.Name} has not started yet; wait for it with: kubectl mlopsbackup logs -f {job.Metadata.Name}");
                continue;
            }

            await new AgentLog(api, api.Namespace, pod.Metadata.Name, context.Clock)
                .ReadAsync(line => LogObserver.Show(lines, raw, line), cancellationToken);
            lines.Flush();
        }

        return ExitCode.Done;
    }
}
