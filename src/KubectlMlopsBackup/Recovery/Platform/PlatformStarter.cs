using KubectlMlopsBackup.Cluster.Api;
using KubectlMlopsBackup.Cluster.Models;
using KubectlMlopsBackup.Cluster.Scaling;
using KubectlMlopsBackup.Output;

namespace KubectlMlopsBackup.Recovery.Platform;

/// <summary>Starts workloads that were held, with the replicas that they had, and waits until they are ready.</summary>
/// <param name="patience">For each to become ready.</param>
/// <param name="note">Is told what a pod waits for.</param>
internal sealed class PlatformStarter(ClusterApi api, string ns, TimeSpan patience, TimeProvider clock, Action<string> note)
{
    private static readonly TimeSpan Look = TimeSpan.FromMilliseconds(500);

    /// <summary>Pods wait for a while in any start; only what lasts is worth a word.</summary>
    private static readonly TimeSpan Quiet = TimeSpan.FromSeconds(10);

    /// <summary>Will not mend themselves: a tenth of the patience is enough for them.</summary>
    private static readonly string[] Hopeless = ["ErrImageNeverPull", "InvalidImageName", "CreateContainerConfigError"];

    /// <summary>Of one object that others write at the same time.</summary>
    private const int MostAttempts = 10;

    private readonly WorkloadScaler scaler = new(api, ns, clock);

    /// <returns>What was started, for people; null where there was nothing to start.</returns>
    /// <exception cref="UserError">One does not become ready; why is in the message, as far as the cluster says it.</exception>
    public async Task<string?> StartAsync(IReadOnlyList<Workload> workloads, CancellationToken cancellationToken)
    {
        foreach (var workload in workloads)
        {
            await ReleaseAsync(workload, cancellationToken);
        }

        var words = new List<string>();
        foreach (var workload in workloads)
        {
            var count = await WaitAsync(workload, cancellationToken);
            words.Add(count == 0 ? $"{workload} has no replicas" : $"{workload} is ready");
        }

        return words.Count == 0 ? null : string.Join(", ", words);
    }

    /// <summary>Again where its controller has written its status in between, as it does all the time after an object was made.</summary>
    private async Task ReleaseAsync(Workload workload, CancellationToken cancellationToken)
    {
        for (var attempt = 1; ; attempt++)
        {
            try
            {
                await scaler.StartAsync(workload, cancellationToken);
                return;
            }
            catch (ClusterException e) when (e.IsConflict && attempt < MostAttempts)
            {
                await Task.Delay(Look, clock, cancellationToken);
            }
        }
    }

    /// <summary>Until a pod that the Service selects is ready: for a database that an operator makes.</summary>
    public async Task WaitForPodAsync(string service, IReadOnlyDictionary<string, string> selector, CancellationToken cancellationToken)
    {
        var labels = string.Join(',', selector.Select(l => $"{l.Key}={l.Value}"));
        await UntilAsync($"service/{service}", labels, async () => (await PodsAsync(labels, cancellationToken)).Any(IsReady), cancellationToken);
    }

    /// <returns>How many replicas it has.</returns>
    private async Task<int> WaitAsync(Workload workload, CancellationToken cancellationToken)
    {
        WorkloadView? now = null;
        var labels = await scaler.FindAsync(workload, cancellationToken) is { Spec.Selector.MatchLabels: { Count: > 0 } match }
            ? string.Join(',', match.Select(l => $"{l.Key}={l.Value}"))
            : null;
        await UntilAsync($"{workload}", labels, async () => (now = await scaler.FindAsync(workload, cancellationToken)) is { IsReady: true } or null, cancellationToken);
        return now?.Replicas ?? 0;
    }

    private async Task UntilAsync(string what, string? labels, Func<Task<bool>> done, CancellationToken cancellationToken)
    {
        var began = clock.GetTimestamp();
        string? said = null;
        while (!await done())
        {
            var waited = clock.GetElapsedTime(began);
            var trouble = labels is null || waited < Quiet ? null : await TroubleAsync(labels, cancellationToken);
            if (trouble is not null && trouble != said)
            {
                note($"{what} waits: {trouble}");
                said = trouble;
            }

            if (waited > (trouble is not null && Array.Exists(Hopeless, h => trouble.Contains(h, StringComparison.Ordinal)) ? patience / 10 : patience))
            {
                throw new UserError(
                    $"{what} is not ready after {Humanize.Duration(waited)}{(trouble is null ? "" : $": {trouble}")}",
                    $"see: kubectl -n {ns} describe {what}; kubectl -n {ns} get events");
            }

            await Task.Delay(Look, clock, cancellationToken);
        }
    }

    private async Task<IReadOnlyList<PodView>> PodsAsync(string labels, CancellationToken cancellationToken) =>
        (await api.ListAsync(ApiResource.Pods, ns, labels, null, ClusterJson.Default.ListViewPodView, cancellationToken)).Items;

    private static bool IsReady(PodView pod) => pod.Status?.Conditions?.Exists(c => c is { Type: "Ready", Status: "True" }) == true;

    /// <returns>What a pod waits for, in the cluster's words; null where it says nothing.</returns>
    private async Task<string?> TroubleAsync(string labels, CancellationToken cancellationToken)
    {
        var pods = await PodsAsync(labels, cancellationToken);
        if (pods.Count == 0)
        {
            return "it has no pods";
        }

        foreach (var pod in pods.Where(p => !IsReady(p)))
        {
            if (pod.Status?.Conditions?.Find(c => c is { Type: "PodScheduled", Status: "False" }) is { } scheduling)
            {
                return $"no node takes pod {pod.Metadata.Name}: {scheduling.Message}";
            }

            foreach (var container in pod.Status?.ContainerStatuses ?? [])
            {
                if (container.State?.Waiting is { Reason: { } reason and not ("ContainerCreating" or "PodInitializing") } waiting)
                {
                    return $"pod {pod.Metadata.Name}: {reason}{(waiting.Message is { } message ? $": {message}" : "")}";
                }

                if (container.State?.Terminated is { ExitCode: not 0 } ended)
                {
                    return $"pod {pod.Metadata.Name}: {container.Name} ended with {ended.ExitCode} {ended.Reason}";
                }
            }
        }

        return "its pods are not ready yet";
    }
}
