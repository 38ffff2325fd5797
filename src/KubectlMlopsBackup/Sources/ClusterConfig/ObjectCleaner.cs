using System.Text.Json.Nodes;

namespace KubectlMlopsBackup.Sources.ClusterConfig;

/// <summary>Takes out of an object what a cluster put there, so that what is left can be made again elsewhere, and compared.</summary>
internal static class ObjectCleaner
{
    /// <summary>Of the object, not of whoever wrote it. Owner references name uids of this cluster: another would delete what has them.</summary>
    private static readonly string[] Bookkeeping =
    [
        "uid", "resourceVersion", "generation", "creationTimestamp", "deletionTimestamp", "deletionGracePeriodSeconds", "managedFields",
        "selfLink", "ownerReferences",
        // Their controllers add them again; where those are not, nothing could delete the object.
        "finalizers",
    ];

    private static readonly string[] Annotations =
    [
        // A second copy of the object, and of a Secret's values; kubectl writes it again with the next apply.
        "kubectl.kubernetes.io/last-applied-configuration",
        "deployment.kubernetes.io/revision",
        "deprecated.daemonset.template.generation",
        "pv.kubernetes.io/bind-completed",
        "pv.kubernetes.io/bound-by-controller",
        "volume.kubernetes.io/selected-node",
        "volume.kubernetes.io/storage-provisioner",
        "volume.beta.kubernetes.io/storage-provisioner",
        "volume.kubernetes.io/storage-resizer",
        "control-plane.alpha.kubernetes.io/leader",
        "endpoints.kubernetes.io/last-change-trigger-time",
        "kubernetes.io/service-account.uid",
        "openshift.io/sa.scc.mcs",
        "openshift.io/sa.scc.supplemental-groups",
        "openshift.io/sa.scc.uid-range",
    ];

    /// <summary>Of the pods that a Job makes: the controller's own.</summary>
    private static readonly string[] JobLabels =
        ["controller-uid", "job-name", "batch.kubernetes.io/controller-uid", "batch.kubernetes.io/job-name"];

    /// <param name="live">As the cluster has it. Not changed.</param>
    /// <returns>Without <c>status</c> and all of the above.</returns>
    public static JsonObject Clean(ObjectKey key, JsonObject live)
    {
        // Before it goes: it tells what a person chose from what the cluster allocated.
        var managed = live.At("metadata", "managedFields");
        var body = Cleared(live);
        body.Remove("status");
        var metadata = body.Made("metadata");
        foreach (var field in Bookkeeping)
        {
            metadata.Remove(field);
        }

        foreach (var annotation in Annotations)
        {
            metadata.Drop("annotations", annotation);
        }

        metadata.DropEmpty("annotations");
        metadata.DropEmpty("labels");
        OfKind(key, body, metadata, managed);
        return body;
    }

    private static void OfKind(ObjectKey key, JsonObject body, JsonObject metadata, JsonNode? managed)
    {
        var spec = body.Map("spec");
        switch (key.KindName)
        {
            case "Namespace":
                metadata.Drop("labels", "kubernetes.io/metadata.name");
                body.Remove("spec");
                break;
            case "Service" when spec is not null:
                ServiceCleaner.Clean(spec, managed);
                break;
            case "PersistentVolumeClaim" when spec is not null:
                Claim(spec);
                break;
            case "ServiceAccount":
                Account(key, body);
                break;
            case "Secret" when body.Text("type") == "kubernetes.io/service-account-token":
                // Of this cluster; the other one fills them in.
                foreach (var field in (string[])["token", "ca.crt", "namespace"])
                {
                    body.Drop("data", field);
                }

                break;
            case "Job.batch" when spec is not null:
                Job(spec, metadata);
                break;
            case "Pod" when spec is not null:
                Pod(spec);
                break;
            case "ClusterRole.rbac.authorization.k8s.io" when body["aggregationRule"] is not null:
                body.Remove("rules");
                break;
            case "CustomResourceDefinition.apiextensions.k8s.io" when spec?.At("conversion", "strategy").Text() == "None":
                spec.Remove("conversion");
                break;
            case "StatefulSet.apps" when spec is not null:
                foreach (var template in spec.At("volumeClaimTemplates").Maps())
                {
                    template.Remove("status");
                }

                break;
        }
    }

    private static void Claim(JsonObject spec)
    {
        // The volume is this cluster's, and what the claim was once filled from may be gone: the data comes from a backup.
        spec.Remove("volumeName");
        spec.Remove("dataSource");
        spec.Remove("dataSourceRef");
    }

    private static void Account(ObjectKey key, JsonObject body)
    {
        if (body["secrets"] is JsonArray secrets)
        {
            secrets.RemoveAll(s => s.Text("name") is { } name
                && (name.StartsWith($"{key.Name}-token-", StringComparison.Ordinal) || name.StartsWith($"{key.Name}-dockercfg-", StringComparison.Ordinal)));
            body.DropEmpty("secrets");
        }
    }

    private static void Job(JsonObject spec, JsonObject metadata)
    {
        if (spec.At("manualSelector").IsTrue())
        {
            return;
        }

        spec.Remove("selector");
        var template = spec.Map("template", "metadata");
        foreach (var label in JobLabels)
        {
            metadata.Drop("labels", label);
            template?.Drop("labels", label);
        }
    }

    private static void Pod(JsonObject spec)
    {
        spec.Remove("nodeName");
        // Of the priority class, and the other cluster's may say another number.
        spec.Remove("priority");
        spec.Remove("preemptionPolicy");
        spec.Remove("ephemeralContainers");
        RemoveNamed(spec, "volumes", "kube-api-access-");
        foreach (var container in PodSpecs.Containers(spec))
        {
            RemoveNamed(container, "volumeMounts", "kube-api-access-");
        }

        if (spec["tolerations"] is JsonArray tolerations)
        {
            tolerations.RemoveAll(t => t.Text("key") is "node.kubernetes.io/not-ready" or "node.kubernetes.io/unreachable" && t.At("tolerationSeconds").Number() == 300);
            spec.DropEmpty("tolerations");
        }
    }

    private static void RemoveNamed(JsonObject map, string list, string prefix)
    {
        if (map[list] is JsonArray items)
        {
            items.RemoveAll(i => i.Text("name")?.StartsWith(prefix, StringComparison.Ordinal) == true);
            map.DropEmpty(list);
        }
    }

    /// <summary>A copy without the <c>creationTimestamp: null</c> that the API writes into templates.</summary>
    private static JsonObject Cleared(JsonObject map)
    {
        var copy = new JsonObject();
        foreach (var (name, value) in map)
        {
            if (value is not null || name != "creationTimestamp")
            {
                copy[name] = Copied(value);
            }
        }

        return copy;
    }

    private static JsonNode? Copied(JsonNode? node) => node switch
    {
        JsonObject map => Cleared(map),
        JsonArray list => new JsonArray([.. list.Select(Copied)]),
        _ => node?.DeepClone(),
    };
}
