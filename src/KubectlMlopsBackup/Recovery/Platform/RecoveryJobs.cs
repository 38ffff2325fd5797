using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using KubectlMlopsBackup.Cluster.Api;
using KubectlMlopsBackup.Cluster.Jobs;
using KubectlMlopsBackup.Cluster.Models;
using KubectlMlopsBackup.InCluster;
using KubectlMlopsBackup.Manifests;

namespace KubectlMlopsBackup.Recovery.Platform;

/// <summary>
/// Runs the agent in Jobs that belong to one recovery. A Job of the same name that runs already is followed, and one that came through
/// is not run again: whoever resumes finds it by its labels.
/// </summary>
/// <param name="target">Its labels name the recovery.</param>
/// <param name="patience">For a pod that does not start.</param>
internal sealed class RecoveryJobs(ClusterApi api, InstalledPlan target, IJobObserver observer, TimeSpan patience, TimeProvider clock)
{
    /// <summary>On all that a recovery makes.</summary>
    public const string Label = "mlopsbackup.io/recovery";

    /// <param name="started">Is given a Job that was made now.</param>
    /// <returns>The end of it, with what the agent said as its result; null where that cannot be read.</returns>
    /// <exception cref="UserError">It failed; with the agent's own exit code.</exception>
    public async Task<(ExitCode Code, T? Result)> RunAsync<T>(
        AgentJob job, JsonTypeInfo<T> type, Func<JobView, Task>? started, CancellationToken cancellationToken)
    {
        var found = await EarlierAsync(job, cancellationToken);
        if (found is null)
        {
            found = await new AgentRun(api, target).StartAsync(job, cancellationToken);
            await (started?.Invoke(found) ?? Task.CompletedTask);
        }

        var end = await new JobFollower(api, target.Namespace, observer, clock).FollowAsync(found, patience, cancellationToken);
        if (end.Code is not (ExitCode.Done or ExitCode.Incomplete or ExitCode.CheckFailed))
        {
            var first = end.Failures.Count > 0 ? end.Failures[0] : new JobFailure("it did not say why", null);
            throw new UserError(
                $"job {end.Job}: {string.Join("; ", end.Failures.Select(f => f.Message).DefaultIfEmpty(first.Message))}",
                first.Fix ?? $"see (a drill leaves it there with --keep): kubectl -n {target.Namespace} logs job/{end.Job}",
                end.Code is ExitCode.Cancelled ? ExitCode.Failed : end.Code);
        }

        return (end.Code, Read(end, type));
    }

    /// <summary>Whatever it comes to.</summary>
    public async Task<(ExitCode Code, T? Result)> FollowAsync<T>(JobView job, JsonTypeInfo<T> type, CancellationToken cancellationToken)
    {
        var end = await new JobFollower(api, target.Namespace, observer, clock).FollowAsync(job, patience, cancellationToken);
        foreach (var failure in end.Failures)
        {
            observer.Note($"error: {failure.Message}{(failure.Fix is { } fix ? $" (fix: {fix})" : "")}");
        }

        return (end.Code, Read(end, type));
    }

    private async Task<JobView?> EarlierAsync(AgentJob job, CancellationToken cancellationToken)
    {
        var selector = $"{target.Selector},app.kubernetes.io/component={job.Name},{Label}={target.Spec.Kubernetes!.Labels[Label]}";
        var jobs = await api.ListAsync(ApiResource.Jobs, target.Namespace, selector, null, ClusterJson.Default.ListViewJobView, cancellationToken);
        return jobs.Items.Where(j => !j.IsFailed && j.Metadata.DeletionTimestamp is null).MaxBy(j => j.Metadata.CreationTimestamp);
    }

    private static T? Read<T>(JobEnd end, JsonTypeInfo<T> type)
    {
        try
        {
            return end.Result is { } result ? result.Deserialize(type) : default;
        }
        catch (JsonException)
        {
            // One that was cut to fit into a termination message may lack what the type wants.
            return default;
        }
    }
}
