using System.Text.Json.Nodes;

namespace KubectlMlopsBackup.Sources.ClusterConfig.Restore;

/// <summary>
/// Makes of a snapshot's objects those that are applied: in other namespaces, with other classes and images, held back. Where they go beside those that
/// they are copies of, nothing of theirs reaches what the originals serve.
/// </summary>
internal sealed class ConfigRewriter
{
    /// <summary>What a backup holds of the whole cluster. Anything else was put there by somebody, and would reach every namespace.</summary>
    private static readonly string[] OfCluster =
    [
        "Namespace", "CustomResourceDefinition.apiextensions.k8s.io", "ClusterRole.rbac.authorization.k8s.io", "ClusterRoleBinding.rbac.authorization.k8s.io",
        "StorageClass.storage.k8s.io", "PriorityClass.scheduling.k8s.io", "RuntimeClass.node.k8s.io", "IngressClass.networking.k8s.io",
        "ValidatingWebhookConfiguration.admissionregistration.k8s.io", "MutatingWebhookConfiguration.admissionregistration.k8s.io",
    ];

    private readonly ConfigRestoreOptions options;
    private readonly DateTimeOffset now;
    private readonly NamespaceRewriter? namespaces;
    private readonly List<ReviewNote> notes = [];

    /// <param name="objects">All of the snapshot: names of Services are known by them.</param>
    public ConfigRewriter(ConfigRestoreOptions options, IReadOnlyList<ConfigObject> objects, DateTimeOffset now)
    {
        this.options = options;
        this.now = now;
        Objects = objects;
        namespaces = options.Namespaces.Count == 0 ? null : new NamespaceRewriter(options, objects, notes.Add);
    }

    private IReadOnlyList<ConfigObject> Objects { get; }

    public RewrittenConfig Rewrite()
    {
        var kept = new List<ConfigObject>();
        var skipped = new List<(ConfigObject, string)>();
        foreach (var one in Objects.Where(o => options.Kinds.Selects(o.Key) && options.Selector.Selects(o)))
        {
            if (WhyNot(one) is { } reason)
            {
                skipped.Add((one, reason));
            }
            else if (Rewritten(one) is { } rewritten)
            {
                kept.Add(rewritten);
            }
            else
            {
                skipped.Add((one, "nothing in it is of the namespaces that are restored"));
            }
        }

        return new RewrittenConfig(kept, skipped, notes);
    }

    private string? WhyNot(ConfigObject one)
    {
        if (one.Key.Namespace is null && !OfCluster.Contains(one.Key.KindName))
        {
            return "no backup holds such an object of the whole cluster";
        }

        if (namespaces is not null && one.Key.Namespace is { } ns && !options.Namespaces.ContainsKey(ns))
        {
            return $"namespace {ns} is not among those that are restored";
        }

        if (namespaces is not null && one.Key is { Group: "", Kind: "Namespace" } && !options.Namespaces.ContainsKey(one.Key.Name))
        {
            return $"namespace {one.Key.Name} is not among those that are restored";
        }

        if (one.IsOwn && !(options.Own ?? namespaces is null))
        {
            return "it is of this program's own installation: a second one would back up twice";
        }

        return one.Key is { Group: "storage.k8s.io", Kind: "StorageClass" } && options.StorageClasses.ContainsKey(one.Key.Name)
            ? "another storage class takes its place"
            : null;
    }

    /// <returns>Null where nothing of it is left.</returns>
    private ConfigObject? Rewritten(ConfigObject one)
    {
        var body = one.Copy();
        var metadata = body.Made("metadata");
        foreach (var field in (string[])["uid", "resourceVersion", "managedFields", "ownerReferences"])
        {
            metadata.Remove(field);
        }

        if (namespaces?.Rewrite(one.Key, body) == false)
        {
            return null;
        }

        StorageClasses(one.Key, body);
        if (options.Images.Count > 0)
        {
            Images(body["spec"]);
        }

        foreach (var (name, value) in options.Labels)
        {
            metadata.Made("labels")[name] = value;
        }

        if (options.HoldWorkloads)
        {
            WorkloadHold.Hold(one.Key, body, now, options.HeldFor);
        }

        return ConfigObject.Of(body);
    }

    private void StorageClasses(ObjectKey key, JsonObject body)
    {
        if (options.StorageClasses.Count == 0)
        {
            return;
        }

        if (key is { Group: "", Kind: "PersistentVolumeClaim" })
        {
            Class(body);
        }
        else if (key is { Group: "apps", Kind: "StatefulSet" })
        {
            foreach (var template in body.At("spec", "volumeClaimTemplates").Maps())
            {
                Class(template);
            }
        }
        else if (key.Group.Length > 0)
        {
            // Operators of databases and the like have it in fields of their own, under the usual names.
            CustomClasses(body["spec"]);
        }
    }

    private void Class(JsonObject claim)
    {
        Mapped(claim.Map("spec"), "storageClassName");
        Mapped(claim.Map("metadata", "annotations"), "volume.beta.kubernetes.io/storage-class");
    }

    private void CustomClasses(JsonNode? node)
    {
        if (node is JsonObject map)
        {
            Mapped(map, "storageClassName");
            Mapped(map, "storageClass");
            foreach (var (_, value) in map)
            {
                CustomClasses(value);
            }
        }
        else if (node is JsonArray list)
        {
            foreach (var item in list)
            {
                CustomClasses(item);
            }
        }
    }

    private void Mapped(JsonObject? map, string field)
    {
        if (map.At(field).Text() is { } old && options.StorageClasses.TryGetValue(old, out var other))
        {
            if (other.Length == 0)
            {
                map!.Remove(field);
            }
            else
            {
                map![field] = other;
            }
        }
    }

    private void Images(JsonNode? node)
    {
        switch (node)
        {
            case JsonObject map:
                foreach (var field in (string[])["image", "imageName"])
                {
                    if (map.Text(field) is { } image)
                    {
                        map[field] = ImageMap.Map(image, options.Images);
                    }
                }

                foreach (var (_, value) in map)
                {
                    Images(value);
                }

                break;
            case JsonArray list:
                foreach (var item in list)
                {
                    Images(item);
                }

                break;
        }
    }
}
