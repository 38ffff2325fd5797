using System.Text.Json;
using System.Threading.Channels;
using KubectlMlopsBackup.Cluster.Api;
using KubectlMlopsBackup.Cluster.Models;
using KubectlMlopsBackup.Output;

namespace KubectlMlopsBackup.Cluster.Jobs;

/// <summary>
/// Stays with a Job until it has ended: shows what its pods say, and says why a pod does not start, within seconds.
/// It survives what a night may bring: a broken watch, an API server that restarts, a pod that is evicted and made anew.
/// </summary>
internal sealed class JobFollower(ClusterApi api, string ns, IJobObserver observer, TimeProvider clock)
{
    /// <summary>How long the API server may be away.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(5);

    private static readonly TimeSpan Look = TimeSpan.FromSeconds(2);

    private readonly Dictionary<string, Task> logs = new(StringComparer.Ordinal);
    private readonly List<JobFailure> failures = [];
    private readonly HashSet<string> evicted = new(StringComparer.Ordinal);
    private readonly Lock said = new();
    private JsonElement? result;

    /// <param name="job">As it was made.</param>
    /// <param name="patience">For a pod that does not start for a reason that may mend itself, and a tenth of it for one that will not.</param>
    /// <exception cref="ClusterException">Refused, or the server was away for too long. The Job goes on.</exception>
    public async Task<JobEnd> FollowAsync(JobView job, TimeSpan patience, CancellationToken cancellationToken)
    {
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        var changes = Channel.CreateUnbounded<Seen>(new UnboundedChannelOptions { SingleReader = true });
        var feeds = new[]
        {
            FeedAsync(changes.Writer, Jobs(job.Metadata.Name), list => new Seen(null, list, null), stop.Token),
            FeedAsync(changes.Writer, Pods(job), list => new Seen(null, null, list), stop.Token),
            TickAsync(changes.Writer, stop.Token),
        };
        try
        {
            return await ReadAsync(job, changes.Reader, new StartWatch(new StartExplainer(api, ns), observer, clock, patience), stop.Token);
        }
        finally
        {
            await stop.CancelAsync();
            await Task.WhenAll(feeds.Concat(logs.Values)).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    private async Task<JobEnd> ReadAsync(JobView job, ChannelReader<Seen> changes, StartWatch start, CancellationToken cancellationToken)
    {
        IReadOnlyList<PodView> pods = [];
        await foreach (var change in changes.ReadAllAsync(cancellationToken))
        {
            if (change.Failure is { } failure)
            {
                throw new ClusterException(
                    $"lost sight of job {job.Metadata.Name}, which may still run: {failure.Message}", $"see: kubectl -n {ns} get job {job.Metadata.Name}", null, null, failure);
            }

            pods = change.Pods ?? pods;
            if (change.Jobs is { } jobs)
            {
                if (jobs.FirstOrDefault(j => j.Metadata.Uid == job.Metadata.Uid) is not { } now || now.Metadata.DeletionTimestamp is not null)
                {
                    failures.Add(new JobFailure($"job {job.Metadata.Name} was deleted by someone else before it ended", "run it again"));
                    return new JobEnd(job.Metadata.Name, ExitCode.Failed, null, failures);
                }

                job = now;
            }

            Attend(pods, cancellationToken);
            if (job.End is not null)
            {
                return await EndAsync(job, pods, cancellationToken);
            }

            if (await start.LookAsync(job, pods, cancellationToken) is { } trouble)
            {
                await api.DeleteAsync(ApiResource.Jobs, ns, job.Metadata.Name, job.Metadata.Uid, dryRun: false, cancellationToken);
                failures.Add(new JobFailure($"{trouble.What}; the job {job.Metadata.Name} was taken back", trouble.Fix));
                return new JobEnd(job.Metadata.Name, ExitCode.Failed, null, failures);
            }
        }

        throw new InvalidOperationException("the feeds of a job have ended without a word");
    }

    private void Attend(IReadOnlyList<PodView> pods, CancellationToken cancellationToken)
    {
        foreach (var pod in pods)
        {
            if (pod.Container(AgentLog.Container)?.State is { Running: not null } or { Terminated: not null } && !logs.ContainsKey(pod.Metadata.Name))
            {
                logs[pod.Metadata.Name] = LogAsync(pod.Metadata.Name, cancellationToken);
            }

            if (pod.Status?.Conditions?.Find(c => c is { Type: "DisruptionTarget", Status: "True" }) is { } gone && evicted.Add(pod.Metadata.Name))
            {
                observer.Note($"pod {pod.Metadata.Name} was taken from its node ({gone.Reason}): {gone.Message}; the job starts another");
            }
        }
    }

    private async Task LogAsync(string pod, CancellationToken cancellationToken)
    {
        try
        {
            await new AgentLog(api, ns, pod, clock).FollowAsync(Hear, cancellationToken);
        }
        catch (ClusterException e)
        {
            observer.Note($"warning: the log of pod {pod} cannot be shown: {e.Message}");
        }
    }

    private void Hear(string text)
    {
        var line = AgentLog.Parse(text, clock);
        lock (said)
        {
            observer.Line(text);
            switch (line.Type)
            {
                case "result":
                    result = JobEnds.Tells(line.Result) ? line.Result : result ?? line.Result;
                    break;
                case "error":
                    failures.Add(new JobFailure(line.Message ?? "", line.Fix));
                    break;
                default:
                    observer.Said(line);
                    break;
            }
        }
    }

    private async Task<JobEnd> EndAsync(JobView job, IReadOnlyList<PodView> seen, CancellationToken cancellationToken)
    {
        var pods = await LastAsync(job, seen, cancellationToken);
        Attend(pods, cancellationToken);
        await Task.WhenAll(logs.Values).WaitAsync(TimeSpan.FromSeconds(15), clock, cancellationToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        cancellationToken.ThrowIfCancellationRequested();
        lock (said)
        {
            return JobEnds.Of(job, pods, result, failures);
        }
    }

    /// <summary>The Job's end may be heard of before that of its pods, which says how it ended.</summary>
    private async Task<IReadOnlyList<PodView>> LastAsync(JobView job, IReadOnlyList<PodView> seen, CancellationToken cancellationToken)
    {
        try
        {
            var now = await api.ListAsync(ApiResource.Pods, ns, job.PodSelector, null, ClusterJson.Default.ListViewPodView, cancellationToken);
            return now.Items.Count == 0 ? seen : [.. now.Items.OrderBy(p => p.Metadata.CreationTimestamp)];
        }
        catch (ClusterException)
        {
            return seen;
        }
    }

    private ObjectWatch<JobView> Jobs(string name) => new(
        api, ApiResource.Jobs, ns, null, $"metadata.name={name}", ClusterJson.Default.JobView, ClusterJson.Default.ListViewJobView, clock, Patience);

    private ObjectWatch<PodView> Pods(JobView job) => new(
        api, ApiResource.Pods, ns, job.PodSelector, null, ClusterJson.Default.PodView, ClusterJson.Default.ListViewPodView, clock, Patience);

    private static async Task FeedAsync<T>(
        ChannelWriter<Seen> changes, ObjectWatch<T> watch, Func<IReadOnlyList<T>, Seen> seen, CancellationToken cancellationToken)
        where T : class, IClusterObject
    {
        try
        {
            await foreach (var list in watch.RunAsync(cancellationToken))
            {
                changes.TryWrite(seen(list));
            }
        }
        catch (ClusterException e)
        {
            changes.TryWrite(new Seen(e, null, null));
        }
    }

    private async Task TickAsync(ChannelWriter<Seen> changes, CancellationToken cancellationToken)
    {
        using var timer = new PeriodicTimer(Look, clock);
        while (await timer.WaitForNextTickAsync(cancellationToken))
        {
            changes.TryWrite(new Seen(null, null, null));
        }
    }

    /// <summary>What came from one of the feeds; nothing at all is a tick of the clock.</summary>
    private sealed record Seen(ClusterException? Failure, IReadOnlyList<JobView>? Jobs, IReadOnlyList<PodView>? Pods);
}
