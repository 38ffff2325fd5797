using System.Globalization;
using System.Text.Json.Nodes;
using KubectlMlopsBackup.Cluster.Api;
using KubectlMlopsBackup.Cluster.Models;

namespace KubectlMlopsBackup.Cluster.Scaling;

/// <summary>
/// Stops workloads and starts them again as they were. How many replicas there were is remembered on the object itself,
/// in one write with the stopping: whoever comes later, from wherever, can bring it back.
/// </summary>
internal sealed class WorkloadScaler(ClusterApi api, string ns, TimeProvider clock)
{
    public const string Before = "mlopsbackup.io/replicas-before";
    public const string StoppedAt = "mlopsbackup.io/stopped-at";

    /// <summary>The restore that it was stopped for; its Job has the same annotation.</summary>
    public const string StoppedFor = "mlopsbackup.io/restore";

    private static readonly TimeSpan Look = TimeSpan.FromSeconds(1);

    /// <returns>Null where it is not there.</returns>
    public Task<WorkloadView?> FindAsync(Workload workload, CancellationToken cancellationToken) =>
        api.FindAsync(workload.Resource, ns, workload.Name, ClusterJson.Default.WorkloadView, cancellationToken);

    /// <param name="stoppedFor">The restore's own name; null where its Jobs are known otherwise.</param>
    /// <returns>How many replicas it had, an earlier stop's memory first; null where it is not there.</returns>
    public async Task<int?> StopAsync(Workload workload, string? stoppedFor, CancellationToken cancellationToken)
    {
        if (await FindAsync(workload, cancellationToken) is not { } now)
        {
            return null;
        }

        if (Remembered(now) is { } before && now.Replicas == 0 && now.Metadata.Annotation(StoppedFor) == stoppedFor)
        {
            return before;
        }

        // Stopped by its owner: it was not running, and is not to run afterwards.
        var count = now.Replicas > 0 ? now.Replicas : Remembered(now) ?? 0;
        var annotations = new JsonObject
        {
            [Before] = count.ToString(CultureInfo.InvariantCulture),
            [StoppedAt] = $"{clock.GetUtcNow():yyyy-MM-ddTHH:mm:ssZ}",
            [StoppedFor] = stoppedFor,
        };
        await PatchAsync(workload, now, 0, annotations, cancellationToken);
        return count;
    }

    /// <returns>How many replicas it was started with; null where nobody had stopped it.</returns>
    public async Task<int?> StartAsync(Workload workload, CancellationToken cancellationToken)
    {
        if (await FindAsync(workload, cancellationToken) is not { } now || Remembered(now) is not { } before)
        {
            return null;
        }

        // Somebody has scaled it since: that is the newer wish.
        var count = now.Replicas > 0 ? now.Replicas : before;
        await PatchAsync(workload, now, count, Forgotten(), cancellationToken);
        return count;
    }

    /// <summary>A merge patch that takes the memory away.</summary>
    public static JsonObject Forgotten() => new() { [Before] = null, [StoppedAt] = null, [StoppedFor] = null };

    public static int? Remembered(WorkloadView workload) =>
        int.TryParse(workload.Metadata.Annotation(Before), NumberStyles.None, CultureInfo.InvariantCulture, out var count) ? count : null;

    /// <summary>Until its last pod is gone, with its hands off the database and the volume.</summary>
    /// <exception cref="UserError">They do not go.</exception>
    public async Task WaitStoppedAsync(Workload workload, TimeSpan patience, CancellationToken cancellationToken)
    {
        if (await FindAsync(workload, cancellationToken) is not { Spec.Selector.MatchLabels: { Count: > 0 } labels })
        {
            return;
        }

        var selector = string.Join(',', labels.Select(l => $"{l.Key}={l.Value}"));
        await WaitPodsEndedAsync(
            selector,
            patience,
            () => new UserError($"pods of {workload} do not go within {patience.TotalMinutes:0} minutes", $"see: kubectl -n {ns} get pods -l {selector}"),
            cancellationToken);
    }

    /// <param name="late">What is thrown where they do not end in time.</param>
    public Task WaitPodsEndedAsync(string selector, TimeSpan patience, Func<UserError> late, CancellationToken cancellationToken) =>
        UntilAsync(() => HavePodsEndedAsync(selector, cancellationToken), patience, late, cancellationToken);

    public async Task<bool> HavePodsEndedAsync(string selector, CancellationToken cancellationToken) =>
        (await api.ListAsync(ApiResource.Pods, ns, selector, null, ClusterJson.Default.ListViewPodView, cancellationToken)).Items.All(p => p.IsEnded);

    /// <exception cref="UserError">It does not become ready.</exception>
    public Task WaitReadyAsync(Workload workload, TimeSpan patience, CancellationToken cancellationToken) => UntilAsync(
        async () => await FindAsync(workload, cancellationToken) is { IsReady: true } or null,
        patience,
        () => new UserError($"{workload} is not ready after {patience.TotalMinutes:0} minutes", $"see: kubectl -n {ns} describe {workload}, and its pods' logs"),
        cancellationToken);

    private async Task UntilAsync(Func<Task<bool>> done, TimeSpan patience, Func<UserError> late, CancellationToken cancellationToken)
    {
        var began = clock.GetTimestamp();
        while (!await done())
        {
            if (clock.GetElapsedTime(began) > patience)
            {
                throw late();
            }

            await Task.Delay(Look, clock, cancellationToken);
        }
    }

    private Task<JsonObject> PatchAsync(Workload workload, WorkloadView now, int replicas, JsonObject annotations, CancellationToken cancellationToken) => api.MergeAsync(
        workload.Resource,
        ns,
        workload.Name,
        null,
        new JsonObject
        {
            ["metadata"] = new JsonObject
            {
                // Of what was read: somebody else's change in between is a conflict, not overwritten.
                ["resourceVersion"] = now.Metadata.ResourceVersion,
                ["annotations"] = annotations,
            },
            ["spec"] = new JsonObject { ["replicas"] = replicas },
        },
        cancellationToken);
}
