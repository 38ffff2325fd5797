using KubectlMlopsBackup.Cluster.Api;
using KubectlMlopsBackup.Cluster.Jobs;
using KubectlMlopsBackup.Cluster.Models;
using KubectlMlopsBackup.InCluster;
using KubectlMlopsBackup.Output;

namespace KubectlMlopsBackup.Commands;

/// <summary>Shows a Job as if it ran here, and asks on Ctrl-C what is to become of it.</summary>
internal sealed class JobConsole(VerbContext context, ClusterApi api, string ns) : IJobObserver
{
    /// <summary>After Ctrl-C the process has 20 seconds: no answer in this time means that the Job goes on.</summary>
    private static readonly TimeSpan Answer = TimeSpan.FromSeconds(15);

    private ProgressReporter? progress;
    private bool hasResult;

    /// <param name="startTimeout">For a pod that does not start.</param>
    /// <exception cref="JobLeftException">Ctrl-C: what became of the Job is said already.</exception>
    public async Task<JobEnd> FollowAsync(JobView job, TimeSpan startTimeout, CancellationToken cancellationToken)
    {
        using var shown = context.Progress();
        progress = shown;
        progress.Counters.Begin($"waiting for job {job.Metadata.Name}");
        try
        {
            return await new JobFollower(api, ns, this, context.Clock).FollowAsync(job, startTimeout, cancellationToken);
        }
        catch (OperationCanceledException e) when (cancellationToken.IsCancellationRequested)
        {
            shown.Dispose();
            throw new JobLeftException(await InterruptedAsync(job), e);
        }
    }

    /// <summary>Waits for the agent's pod, which then holds until it is disposed.</summary>
    public async Task<HeldPod> HoldAsync(JobView job, TimeSpan startTimeout, CancellationToken cancellationToken)
    {
        using var shown = context.Progress();
        progress = shown;
        progress.Counters.Begin($"waiting for job {job.Metadata.Name}");
        return await HeldPod.WaitAsync(api, job, this, startTimeout, context.Clock, cancellationToken);
    }

    public void Line(string text) => hasResult |= AgentLog.Parse(text, context.Clock).Type == "result";

    public void Said(ProgressEvent line)
    {
        if (line.Type is not ("progress" or "end"))
        {
            if (hasResult)
            {
                context.Held.Hold(PlainText.Clean(line.Message ?? ""));
            }
            else
            {
                Note(line.Message ?? "");
            }

            return;
        }

        var counters = progress!.Counters;
        counters.Phase = line.Phase;
        Interlocked.Exchange(ref counters.FilesDone, line.FilesDone ?? 0);
        Interlocked.Exchange(ref counters.FilesTotal, line.FilesTotal ?? 0);
        Interlocked.Exchange(ref counters.BytesDone, line.BytesDone ?? 0);
        Interlocked.Exchange(ref counters.BytesTotal, line.BytesTotal ?? 0);
        Interlocked.Exchange(ref counters.BytesStored, line.BytesStored ?? 0);
    }

    public void Note(string line) => progress!.Note(line);

    /// <returns>Whether the Job goes on.</returns>
    private async Task<bool> InterruptedAsync(JobView job)
    {
        var name = job.Metadata.Name;
        if (await AskAsync($"Job {name} still runs. Cancel it? [y/N: it goes on without you] "))
        {
            using var time = new CancellationTokenSource(Answer);
            await api.DeleteAsync(ApiResource.Jobs, ns, name, job.Metadata.Uid, dryRun: false, time.Token);
            await Console.Error.WriteLineAsync($"job {name} is cancelled");
            return false;
        }

        await Console.Error.WriteLineAsync($"job {name} goes on; see it with: kubectl mlopsbackup logs -f -n {ns} {name}");
        return true;
    }

    private static async Task<bool> AskAsync(string question)
    {
        if (Console.IsInputRedirected || Console.IsErrorRedirected)
        {
            return false;
        }

        await Console.Error.WriteAsync(question);
        try
        {
            var answer = await Task.Run(Console.In.ReadLine).WaitAsync(Answer);
            return answer?.Trim().ToLowerInvariant() is "y" or "yes";
        }
        catch (TimeoutException)
        {
            await Console.Error.WriteLineAsync();
            return false;
        }
    }
}
