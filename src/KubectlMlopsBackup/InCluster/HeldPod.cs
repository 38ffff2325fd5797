using KubectlMlopsBackup.Cluster.Api;
using KubectlMlopsBackup.Cluster.Jobs;
using KubectlMlopsBackup.Cluster.Models;

namespace KubectlMlopsBackup.InCluster;

/// <summary>The agent's pod, running and doing nothing, for commands to be run in it. Its Job goes when this is disposed.</summary>
internal sealed class HeldPod : IAsyncDisposable
{
    private readonly ClusterApi api;
    private readonly JobView job;

    private HeldPod(ClusterApi api, JobView job, string name)
    {
        this.api = api;
        this.job = job;
        Name = name;
    }

    public string Name { get; }

    /// <param name="job">Made of the agent's <c>hold</c>.</param>
    /// <param name="patience">For a pod that does not start.</param>
    /// <exception cref="UserError">It does not start: why is in the message.</exception>
    public static async Task<HeldPod> WaitAsync(
        ClusterApi api, JobView job, IJobObserver observer, TimeSpan patience, TimeProvider clock, CancellationToken cancellationToken)
    {
        var ns = job.Metadata.Namespace!;
        var start = new StartWatch(new StartExplainer(api, ns), observer, clock, patience);
        var held = new HeldPod(api, job, "");
        try
        {
            using var timer = new PeriodicTimer(TimeSpan.FromMilliseconds(500), clock);
            do
            {
                var pods = await api.ListAsync(
                    ApiResource.Pods, ns, job.PodSelector, null, ClusterJson.Default.ListViewPodView, cancellationToken);
                var running = pods.Items.FirstOrDefault(p => p.Container(AgentLog.Container)?.State?.Running is not null);
                if (running is not null)
                {
                    return new HeldPod(api, job, running.Metadata.Name);
                }

                if (pods.Items.FirstOrDefault(p => p.IsEnded) is { } ended)
                {
                    throw new UserError($"pod {ended.Metadata.Name} ended instead of waiting: {ended.Status?.Reason} {ended.Status?.Message}", "see its log: kubectl logs");
                }

                if (await start.LookAsync(job, pods.Items, cancellationToken) is { } trouble)
                {
                    throw new UserError(trouble.What, trouble.Fix);
                }
            }
            while (await timer.WaitForNextTickAsync(cancellationToken));
            throw new InvalidOperationException("a timer has ended");
        }
        catch
        {
            await held.DisposeAsync();
            throw;
        }
    }

    /// <summary>Also after Ctrl-C, and then within the seconds that the process has left.</summary>
    public async ValueTask DisposeAsync()
    {
        using var time = new CancellationTokenSource(TimeSpan.FromSeconds(10));
        try
        {
            await api.DeleteAsync(ApiResource.Jobs, job.Metadata.Namespace, job.Metadata.Name, job.Metadata.Uid, dryRun: false, time.Token);
        }
        catch (Exception e) when (e is ClusterException or OperationCanceledException)
        {
            // It ends by its own deadline.
        }
    }
}
