using KubectlMlopsBackup.Cluster.Api;
using KubectlMlopsBackup.Cluster.Models;

namespace KubectlMlopsBackup.Cluster.Jobs;

/// <summary>Finds out why a Job's pod does not start, from its conditions, its container's state and the events.</summary>
internal sealed class StartExplainer(ClusterApi api, string ns)
{
    private const int MostEvents = 5;

    /// <returns>Null where all goes its way.</returns>
    public async Task<StartTrouble?> ExplainAsync(JobView job, IReadOnlyList<PodView> pods, CancellationToken cancellationToken)
    {
        var pod = pods.LastOrDefault(p => !p.IsEnded);
        if (pod is null)
        {
            return pods.Count > 0 ? null : NotCreated(await EventsAsync(job.Metadata.Uid, cancellationToken));
        }

        if (pod.Status?.Conditions?.Find(c => c is { Type: "PodScheduled", Status: "False" }) is { } scheduling)
        {
            return await NotScheduledAsync(pod, scheduling.Message ?? "it cannot be scheduled", cancellationToken);
        }

        var waiting = pod.Status?.ContainerStatuses?.Select(c => (c.Image, c.State?.Waiting)).FirstOrDefault(c => c.Waiting is not null);
        return waiting?.Waiting?.Reason switch
        {
            "ErrImagePull" or "ImagePullBackOff" or "InvalidImageName" or "ErrImageNeverPull" or "RegistryUnavailable" or "ImageInspectError" =>
                NoImage(waiting.Value.Image, waiting.Value.Waiting!, await EventsAsync(pod.Metadata.Uid, cancellationToken)),
            "CreateContainerConfigError" => new StartTrouble(
                $"pod {pod.Metadata.Name} lacks what it is configured with: {waiting.Value.Waiting!.Message}",
                "make that Secret, or name another in the plan and install it again", true, []),
            "CreateContainerError" or "RunContainerError" => new StartTrouble(
                $"the container of pod {pod.Metadata.Name} cannot be started: {waiting.Value.Waiting!.Message}",
                "see whether spec.kubernetes.image is the agent's image", true, []),
            _ => NotMounted(pod, await EventsAsync(pod.Metadata.Uid, cancellationToken)),
        };
    }

    private static StartTrouble? NotCreated(IReadOnlyList<EventView> events)
    {
        var refused = events.LastOrDefault(e => e.Reason == "FailedCreate");
        if (refused?.Message is not { } message)
        {
            return null;
        }

        var fix = message.Contains("exceeded quota", StringComparison.Ordinal) ? "raise the ResourceQuota, or lower spec.kubernetes.resources in the plan"
            : message.Contains("serviceaccount", StringComparison.OrdinalIgnoreCase) && message.Contains("not found", StringComparison.Ordinal) ? "install the plan again: kubectl mlopsbackup install"
            : message.Contains("PodSecurity", StringComparison.Ordinal) ? "set spec.kubernetes.podSecurity in the plan to what the namespace's level allows"
            : null;
        return new StartTrouble($"the cluster refuses to make the pod: {message}", fix, true, Lines(events));
    }

    private async Task<StartTrouble> NotScheduledAsync(PodView pod, string message, CancellationToken cancellationToken)
    {
        var events = (await EventsAsync(pod.Metadata.Uid, cancellationToken)).ToList();
        var missing = message.Contains("persistentvolumeclaim", StringComparison.Ordinal) && message.Contains("not found", StringComparison.Ordinal);
        if (message.Contains("unbound", StringComparison.Ordinal))
        {
            foreach (var claim in pod.Spec?.Volumes?.Select(v => v.PersistentVolumeClaim?.ClaimName).OfType<string>() ?? [])
            {
                events.AddRange((await NamedEventsAsync("PersistentVolumeClaim", claim, cancellationToken)).Where(e => e.Type == "Warning"));
            }
        }

        var fix = missing ? "name the right claim in the plan, or make it, and install again"
            : message.Contains("unbound", StringComparison.Ordinal) ? "see: kubectl describe pvc; the StorageClass may be missing or out of space"
            : message.Contains("pod affinity", StringComparison.Ordinal) ? "spec.kubernetes.affinityLabels in the plan must be labels of a pod that runs now"
            : message.Contains("Insufficient", StringComparison.Ordinal) ? "lower spec.kubernetes.resources.requests in the plan, or add a node"
            : message.Contains("taint", StringComparison.Ordinal) ? "set spec.kubernetes.tolerations in the plan"
            : null;
        return new StartTrouble($"no node takes pod {pod.Metadata.Name}: {message}", fix, missing, Lines(events));
    }

    private static StartTrouble NoImage(string? image, WaitingView waiting, IReadOnlyList<EventView> events) => new(
        $"the image {image} cannot be had ({waiting.Reason}): {waiting.Message}",
        "set spec.kubernetes.image (and imagePullSecrets) in the plan to where the agent's image is, and install again",
        true,
        Lines(events));

    private static StartTrouble? NotMounted(PodView pod, IReadOnlyList<EventView> events)
    {
        if (events.LastOrDefault(e => e.Type == "Warning" && e.Reason is "FailedMount" or "FailedAttachVolume")?.Message is not { } message)
        {
            return null;
        }

        var missing = message.Contains("not found", StringComparison.Ordinal) || message.Contains("non-existent", StringComparison.Ordinal);
        var fix = missing ? "make what is missing, or name another in the plan and install it again"
            : message.Contains("Multi-Attach", StringComparison.Ordinal) ? "the volume is on another node: set spec.kubernetes.affinityLabels in the plan to the labels of the pod that has it"
            : null;
        return new StartTrouble($"a volume of pod {pod.Metadata.Name} cannot be mounted: {message}", fix, missing, Lines(events));
    }

    private Task<IReadOnlyList<EventView>> EventsAsync(string uid, CancellationToken cancellationToken) => ListAsync($"involvedObject.uid={uid}", cancellationToken);

    private Task<IReadOnlyList<EventView>> NamedEventsAsync(string kind, string name, CancellationToken cancellationToken) =>
        ListAsync($"involvedObject.kind={kind},involvedObject.name={name}", cancellationToken);

    /// <summary>Events explain; who may not read them goes without.</summary>
    private async Task<IReadOnlyList<EventView>> ListAsync(string fields, CancellationToken cancellationToken)
    {
        try
        {
            var all = await api.ListAsync(ApiResource.Events, ns, null, fields, ClusterJson.Default.ListViewEventView, cancellationToken);
            return [.. all.Items.OrderBy(e => e.Time)];
        }
        catch (ClusterException)
        {
            return [];
        }
    }

    private static IReadOnlyList<string> Lines(IReadOnlyList<EventView> events) =>
        [.. events.Where(e => e.Type == "Warning").TakeLast(MostEvents).Select(e => $"{e.Reason}: {e.Message}")];
}
