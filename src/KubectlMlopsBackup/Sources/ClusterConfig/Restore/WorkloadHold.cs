using System.Globalization;
using System.Text.Json.Nodes;
using KubectlMlopsBackup.Cluster.Api;
using KubectlMlopsBackup.Cluster.Scaling;

namespace KubectlMlopsBackup.Sources.ClusterConfig.Restore;

/// <summary>
/// Workloads that are there but do not run, until their data is back. How they were is written on them, in the annotation that
/// <see cref="WorkloadScaler"/> uses too: it can start Deployments and StatefulSets one by one.
/// </summary>
internal static class WorkloadHold
{
    /// <summary>A label that no node has, and a gate that no scheduler opens.</summary>
    private const string Held = "mlopsbackup.io/held";

    /// <summary>Of one object that others write at the same time.</summary>
    private const int MostAttempts = 10;

    private static readonly ApiResource[] Kinds =
    [
        ApiResource.Deployments,
        ApiResource.StatefulSets,
        new("apps", "v1", "daemonsets", "DaemonSet"),
        new("apps", "v1", "replicasets", "ReplicaSet"),
        new("", "v1", "replicationcontrollers", "ReplicationController"),
        ApiResource.CronJobs,
        ApiResource.Jobs,
        ApiResource.Pods,
    ];

    /// <param name="body">Is changed; what is no workload, or does not run, stays as it is.</param>
    /// <param name="heldFor">Written on a CronJob; null for nothing.</param>
    public static void Hold(ObjectKey key, JsonObject body, DateTimeOffset now, string? heldFor = null)
    {
        if (!PodSpecs.IsWorkload(key) || body["spec"] is not JsonObject spec)
        {
            return;
        }

        switch (key.Kind)
        {
            case "CronJob" or "Job":
                if (!spec.At("suspend").IsTrue())
                {
                    spec["suspend"] = true;
                    Mark(body, 1, now);
                    if (heldFor is not null && key.Kind == "CronJob")
                    {
                        body.Made("metadata").Made("annotations")[WorkloadScaler.StoppedFor] = heldFor;
                    }
                }

                break;
            case "DaemonSet":
                spec.Made("template").Made("spec").Made("nodeSelector")[Held] = "true";
                Mark(body, 1, now);
                break;
            case "Pod":
                var gates = spec["schedulingGates"] as JsonArray ?? [];
                gates.Add((JsonNode)new JsonObject { ["name"] = Held });
                spec["schedulingGates"] = gates;
                Mark(body, 1, now);
                break;
            default:
                var replicas = spec.At("replicas").Number() ?? 1;
                if (replicas > 0)
                {
                    spec["replicas"] = 0;
                    Mark(body, replicas, now);
                }

                break;
        }
    }

    /// <summary>Undoes <see cref="Hold"/>, and what <see cref="WorkloadScaler"/> did: a backup in the middle of a restore is of the platform as it should be.</summary>
    /// <param name="body">Is changed.</param>
    public static void Undo(ObjectKey key, JsonObject body)
    {
        if (!PodSpecs.IsWorkload(key) || Remembered(body) is not { } before || body["spec"] is not JsonObject spec)
        {
            return;
        }

        switch (key.Kind)
        {
            case "CronJob" or "Job":
                spec["suspend"] = false;
                break;
            case "DaemonSet":
                spec.Map("template", "spec")?.Drop("nodeSelector", Held);
                break;
            case "Pod":
                (spec["schedulingGates"] as JsonArray)?.RemoveAll(g => g.Text("name") == Held);
                spec.DropEmpty("schedulingGates");
                break;
            default:
                if (spec.At("replicas").Number() == 0)
                {
                    spec["replicas"] = before;
                }

                break;
        }

        var metadata = body.Made("metadata");
        metadata.Drop("annotations", WorkloadScaler.Before);
        metadata.Drop("annotations", WorkloadScaler.StoppedAt);
        metadata.Drop("annotations", WorkloadScaler.StoppedFor);
    }

    /// <summary>Starts all that is held in a namespace, as it was.</summary>
    /// <returns>What was started, as kubectl names it.</returns>
    /// <exception cref="ClusterException">Refused, or no answer; those before it are started, and calling it again starts the rest.</exception>
    public static async Task<IReadOnlyList<string>> ReleaseAsync(ClusterApi api, string ns, CancellationToken cancellationToken)
    {
        var started = new List<string>();
        foreach (var kind in Kinds)
        {
            foreach (var live in await api.ListWholeAsync(kind, ns, null, cancellationToken))
            {
                // A Deployment's ReplicaSets have its annotations, and are its own to start.
                var isOwned = live.At("metadata", "ownerReferences").Maps().Any(o => o.At("controller").IsTrue());
                var name = live.At("metadata", "name").Text() ?? "";
                if (!isOwned && await ReleaseAsync(api, kind, ns, name, live, cancellationToken))
                {
                    started.Add(kind.Named(name));
                }
            }
        }

        return started;
    }

    /// <returns>False where it is not held.</returns>
    private static async Task<bool> ReleaseAsync(ClusterApi api, ApiResource kind, string ns, string name, JsonObject live, CancellationToken cancellationToken)
    {
        for (var attempt = 1; Remembered(live) is { } before; attempt++)
        {
            try
            {
                await api.MergeAsync(kind, ns, name, null, Release(kind.Kind, live, before), cancellationToken);
                return true;
            }
            catch (ClusterException e) when (e.IsConflict && attempt < MostAttempts)
            {
                // Its controller writes its status all the time.
                live = await api.GetWholeAsync(kind, ns, name, cancellationToken);
            }
        }

        return false;
    }

    private static JsonObject Release(string kind, JsonObject live, long before) => new()
    {
        ["metadata"] = new JsonObject
        {
            // Of what was read: somebody else's change in between is a conflict, not overwritten.
            ["resourceVersion"] = live.At("metadata", "resourceVersion")?.DeepClone(),
            ["annotations"] = WorkloadScaler.Forgotten(),
        },
        ["spec"] = kind switch
        {
            "CronJob" or "Job" => new JsonObject { ["suspend"] = false },
            "DaemonSet" => new JsonObject { ["template"] = new JsonObject { ["spec"] = new JsonObject { ["nodeSelector"] = new JsonObject { [Held] = null } } } },
            "Pod" => new JsonObject
            {
                ["schedulingGates"] = new JsonArray([.. live.At("spec", "schedulingGates").Maps().Where(g => g.Text("name") != Held).Select(g => g.DeepClone())]),
            },
            // Somebody has scaled it since: that is the newer wish.
            _ => new JsonObject { ["replicas"] = live.At("spec", "replicas").Number() is > 0 and var now ? now : before },
        },
    };

    private static void Mark(JsonObject body, long before, DateTimeOffset now)
    {
        var annotations = body.Made("metadata").Made("annotations");
        annotations[WorkloadScaler.Before] = before.ToString(CultureInfo.InvariantCulture);
        annotations[WorkloadScaler.StoppedAt] = $"{now:yyyy-MM-ddTHH:mm:ssZ}";
    }

    private static long? Remembered(JsonObject body) => long.TryParse(
        body.At("metadata", "annotations", WorkloadScaler.Before).Text(), NumberStyles.None, CultureInfo.InvariantCulture, out var count) && count <= int.MaxValue
        ? count
        : null;
}
