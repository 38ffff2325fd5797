using System.Threading.Channels;
using KubectlMlopsBackup.Cluster.Api;
using KubectlMlopsBackup.Cluster.Models;
using KubectlMlopsBackup.InCluster;
using KubectlMlopsBackup.InCluster.Status;

namespace KubectlMlopsBackup.Commands;

/// <summary>Shows a status again and again, until it is stopped: then the last verdict counts.</summary>
internal sealed class StatusWatch(VerbContext context)
{
    private const string Clear = "\u001b[H\u001b[2J\u001b[3J";

    private static readonly TimeSpan Tick = TimeSpan.FromSeconds(5);

    /// <summary>Changes come in flocks: a Job, its pod, its CronJob.</summary>
    private static readonly TimeSpan Settle = TimeSpan.FromMilliseconds(200);

    /// <summary>How long the API server may be away.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(5);

    private ExitCode last = ExitCode.Cancelled;

    /// <summary>For what does not tell of changes.</summary>
    public async Task<ExitCode> PollAsync(Func<CancellationToken, Task<StatusReport>> read, CancellationToken cancellationToken)
    {
        try
        {
            while (true)
            {
                Show(await read(cancellationToken));
                await Task.Delay(Tick, context.Clock, cancellationToken);
            }
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            return last;
        }
    }

    /// <exception cref="ClusterException">Refused, or the server was away for too long.</exception>
    public async Task<ExitCode> FollowAsync(ClusterApi api, InstalledPlan installed, CancellationToken cancellationToken)
    {
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        var changes = Channel.CreateUnbounded<Func<ClusterFacts, ClusterFacts>>(new UnboundedChannelOptions { SingleReader = true });
        var feeds = Feeds(api, installed, changes.Writer, stop.Token);
        try
        {
            var facts = await ClusterFactsReader.ReadAsync(api, installed, context.Clock, drills: true, cancellationToken);
            while (true)
            {
                Show(ClusterStatus.Of(facts with { Now = context.Clock.GetUtcNow() }));
                if (await ChangedAsync(changes.Reader, cancellationToken))
                {
                    await Task.Delay(Settle, context.Clock, cancellationToken);
                }

                while (changes.Reader.TryRead(out var change))
                {
                    facts = change(facts);
                }
            }
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            return last;
        }
        finally
        {
            await stop.CancelAsync();
            await Task.WhenAll(feeds).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    private Task[] Feeds(ClusterApi api, InstalledPlan installed, ChannelWriter<Func<ClusterFacts, ClusterFacts>> changes, CancellationToken cancellationToken)
    {
        var (ns, selector) = (installed.Namespace, installed.Selector);
        return
        [
            FeedAsync(
                new ObjectWatch<CronJobView>(
                    api, ApiResource.CronJobs, ns, selector, null, ClusterJson.Default.CronJobView, ClusterJson.Default.ListViewCronJobView, context.Clock, Patience),
                changes, (facts, list) => facts with { CronJobs = list }, cancellationToken),
            FeedAsync(
                new ObjectWatch<JobView>(
                    api, ApiResource.Jobs, ns, selector, null, ClusterJson.Default.JobView, ClusterJson.Default.ListViewJobView, context.Clock, Patience),
                changes, (facts, list) => facts with { Jobs = list }, cancellationToken),
            FeedAsync(
                new ObjectWatch<PodView>(
                    api, ApiResource.Pods, ns, selector, null, ClusterJson.Default.PodView, ClusterJson.Default.ListViewPodView, context.Clock, Patience),
                changes, (facts, list) => facts with { Pods = list }, cancellationToken),
        ];
    }

    private static async Task FeedAsync<T>(
        ObjectWatch<T> watch, ChannelWriter<Func<ClusterFacts, ClusterFacts>> changes, Func<ClusterFacts, IReadOnlyList<T>, ClusterFacts> put,
        CancellationToken cancellationToken)
        where T : class, IClusterObject
    {
        try
        {
            await foreach (var list in watch.RunAsync(cancellationToken))
            {
                changes.TryWrite(facts => put(facts, list));
            }
        }
        catch (ClusterException e)
        {
            changes.TryComplete(e);
        }
    }

    /// <returns>False where nothing happened for a while: only the ages change.</returns>
    private async Task<bool> ChangedAsync(ChannelReader<Func<ClusterFacts, ClusterFacts>> changes, CancellationToken cancellationToken)
    {
        try
        {
            return await changes.WaitToReadAsync(cancellationToken).AsTask().WaitAsync(Tick, context.Clock, cancellationToken);
        }
        catch (TimeoutException)
        {
            return false;
        }
    }

    private void Show(StatusReport report)
    {
        if (context.IsTable)
        {
            Console.Out.Write(context.OutputTerminal.IsTerminal ? Clear : "\n");
        }

        last = StatusCommand.Print(context, report);
        Console.Out.Flush();
    }
}
