using System.Text;
using System.Text.Json.Nodes;

namespace KubectlMlopsBackup.Sources.ClusterConfig.Restore;

/// <summary>Moves an object to another namespace, with all that refers to the old one.</summary>
/// <param name="note">Told of what a person has to look at.</param>
internal sealed class NamespaceRewriter(ConfigRestoreOptions options, IReadOnlyList<ConfigObject> objects, Action<ReviewNote> note)
{
    private const string NameLabel = "kubernetes.io/metadata.name";

    /// <summary>Maps of names that are the author's own.</summary>
    private static readonly string[] Opaque = ["labels", "annotations", "matchLabels", "selector", "nodeSelector", "data", "stringData", "binaryData"];

    /// <summary>Annotations that name an object as NAMESPACE/NAME.</summary>
    private static readonly string[] Qualified = ["cert-manager.io/inject-ca-from", "cert-manager.io/inject-ca-from-secret"];

    private readonly List<(DnsNames Names, string Old, string New)> names =
    [
        .. options.Namespaces.Select(n => (
            new DnsNames(n.Key, objects.Where(o => o.Key is { Group: "", Kind: "Service" } && o.Key.Namespace == n.Key).Select(o => o.Key.Name).ToHashSet(StringComparer.Ordinal)),
            n.Key,
            n.Value)),
    ];

    /// <param name="body">Is changed.</param>
    /// <returns>False where nothing of the object is of the namespaces that are moved.</returns>
    public bool Rewrite(ObjectKey key, JsonObject body)
    {
        var metadata = body.Made("metadata");
        if (key.Namespace is { } ns)
        {
            metadata["namespace"] = options.Target(ns);
        }

        switch (key.KindName)
        {
            case "Namespace":
                metadata["name"] = options.Target(key.Name);
                return true;
            case "ClusterRoleBinding.rbac.authorization.k8s.io":
                return ClusterBinding(key, body, metadata);
            case "ValidatingWebhookConfiguration.admissionregistration.k8s.io" or "MutatingWebhookConfiguration.admissionregistration.k8s.io":
                return new WebhookRewriter(options).Rewrite(key, body, metadata);
            case "CustomResourceDefinition.apiextensions.k8s.io":
                Replace(body.Map("spec", "conversion", "webhook", "clientConfig", "service"), "namespace");
                return true;
            case "RoleBinding.rbac.authorization.k8s.io":
                foreach (var subject in body.At("subjects").Maps())
                {
                    Subject(subject);
                }

                return true;
        }

        if (key.Namespace is null)
        {
            return true;
        }

        foreach (var (name, value) in body)
        {
            if (name is not ("metadata" or "apiVersion" or "kind") && !Opaque.Contains(name))
            {
                Fields(value);
            }
        }

        Annotations(metadata);
        Exposed(key, body);
        Texts(key, body);
        return true;
    }

    /// <summary>The account of a namespace, by whichever of its names.</summary>
    /// <returns>The new namespace; null where it is not of one that is moved.</returns>
    private string? Subject(JsonObject subject)
    {
        var kind = subject.Text("kind");
        if (kind == "ServiceAccount")
        {
            return Replace(subject, "namespace");
        }

        var (prefix, end) = kind == "User" ? ("system:serviceaccount:", ":") : ("system:serviceaccounts:", "");
        foreach (var (_, old, other) in names)
        {
            if (subject.Text("name") is { } name && (end.Length == 0 ? name == $"{prefix}{old}" : name.StartsWith($"{prefix}{old}{end}", StringComparison.Ordinal)))
            {
                subject["name"] = $"{prefix}{other}{name[(prefix.Length + old.Length)..]}";
                return other;
            }
        }

        return null;
    }

    /// <summary>A binding of its own for the new namespace's accounts: the old one may be there still, and others are bound by it.</summary>
    private bool ClusterBinding(ObjectKey key, JsonObject body, JsonObject metadata)
    {
        if (body["subjects"] is not JsonArray subjects)
        {
            return false;
        }

        var moved = new SortedSet<string>(StringComparer.Ordinal);
        subjects.RemoveAll(s =>
        {
            if (s is JsonObject subject && Subject(subject) is { } other)
            {
                moved.Add(other);
                return false;
            }

            return true;
        });
        metadata["name"] = $"{key.Name}-{string.Join('-', moved)}";
        return subjects.Count > 0;
    }

    /// <summary>Every field that names a namespace, wherever it is.</summary>
    private void Fields(JsonNode? node)
    {
        if (node is JsonArray list)
        {
            foreach (var item in list)
            {
                Fields(item);
            }

            return;
        }

        if (node is not JsonObject map)
        {
            return;
        }

        Replace(map, "namespace");
        Replace(map.Map("matchLabels"), NameLabel);
        foreach (var field in (string[])["namespaces", "matchNames"])
        {
            All(map[field] as JsonArray);
        }

        if (map.Text("key") == NameLabel)
        {
            All(map["values"] as JsonArray);
        }

        foreach (var (name, value) in map)
        {
            if (!Opaque.Contains(name))
            {
                Fields(value);
            }
        }
    }

    /// <returns>The new namespace; null where the field does not name one that is moved.</returns>
    private string? Replace(JsonObject? map, string field)
    {
        if (map.At(field).Text() is not { } old || !options.Namespaces.TryGetValue(old, out var other))
        {
            return null;
        }

        map![field] = other;
        return other;
    }

    private void All(JsonArray? list)
    {
        for (var i = 0; i < (list?.Count ?? 0); i++)
        {
            if (list![i].Text() is { } old && options.Namespaces.TryGetValue(old, out var other))
            {
                list[i] = other;
            }
        }
    }

    private void Annotations(JsonObject metadata)
    {
        foreach (var name in Qualified)
        {
            if (metadata.Map("annotations") is { } annotations && annotations.Text(name) is { } value
                && value.Split('/') is [var old, var rest] && options.Namespaces.TryGetValue(old, out var other))
            {
                annotations[name] = $"{other}/{rest}";
            }
        }
    }

    /// <summary>What is reached from outside cannot be there twice, or would take the original's visitors.</summary>
    private void Exposed(ObjectKey key, JsonObject body)
    {
        if (key is { Group: "", Kind: "Service" } && body.Map("spec") is { } spec)
        {
            foreach (var field in (string[])["externalIPs", "loadBalancerIP"])
            {
                if (spec.Remove(field))
                {
                    Note(key, $"spec.{field}", "left out: the original has it");
                }
            }

            foreach (var port in spec.At("ports").Maps())
            {
                if (port.Remove("nodePort"))
                {
                    Note(key, "spec.ports.nodePort", "left out: the original has it");
                }
            }

            if (spec.Text("type") == "LoadBalancer")
            {
                Note(key, "spec.type", "LoadBalancer: it gets an address of its own, which costs, and is reached from outside");
            }
        }

        var hosts = key.Kind switch
        {
            "Ingress" => body.At("spec", "rules").Maps().Select(r => r.Text("host")).OfType<string>(),
            "HTTPRoute" or "TLSRoute" or "GRPCRoute" => body.At("spec", "hostnames").Texts(),
            _ => [],
        };
        foreach (var host in hosts)
        {
            Note(key, "host", $"{host}: the original has the same, and either may get its visitors");
        }

        if (body.At("metadata", "annotations", "external-dns.alpha.kubernetes.io/hostname").Text() is { } dns)
        {
            Note(key, "metadata.annotations", $"external-dns would point {dns} here");
        }
    }

    /// <summary>Names of Services in texts: those of a program's own configuration are rewritten on request only.</summary>
    private void Texts(ObjectKey key, JsonObject body)
    {
        foreach (var (name, value) in body.ToList())
        {
            if (name is "apiVersion" or "kind" or "metadata" or "type")
            {
                continue;
            }

            if (key is { Group: "", Kind: "Secret" } && name == "data")
            {
                Secret(key, value as JsonObject);
            }
            else if (name != "binaryData")
            {
                Text(key, value, name);
            }
        }
    }

    private void Text(ObjectKey key, JsonNode? node, string field)
    {
        switch (node)
        {
            case JsonObject map:
                foreach (var (name, value) in map.ToList())
                {
                    if (value.Text() is { } text)
                    {
                        if (Text(key, text, $"{field}.{name}", isSecret: false) is { } rewritten)
                        {
                            map[name] = rewritten;
                        }
                    }
                    else
                    {
                        Text(key, value, $"{field}.{name}");
                    }
                }

                break;
            case JsonArray list:
                for (var i = 0; i < list.Count; i++)
                {
                    if (list[i].Text() is { } text)
                    {
                        if (Text(key, text, $"{field}[{i}]", isSecret: false) is { } rewritten)
                        {
                            list[i] = rewritten;
                        }
                    }
                    else
                    {
                        Text(key, list[i], $"{field}[{i}]");
                    }
                }

                break;
        }
    }

    private void Secret(ObjectKey key, JsonObject? data)
    {
        foreach (var (name, value) in data?.ToList() ?? [])
        {
            if (value.Text() is { } encoded && Decoded(encoded) is { } text && Text(key, text, $"data.{name}", isSecret: true) is { } rewritten)
            {
                data![name] = Convert.ToBase64String(Encoding.UTF8.GetBytes(rewritten));
            }
        }
    }

    private static string? Decoded(string encoded)
    {
        try
        {
            return new UTF8Encoding(false, throwOnInvalidBytes: true).GetString(Convert.FromBase64String(encoded));
        }
        catch (Exception e) when (e is FormatException or DecoderFallbackException)
        {
            return null;
        }
    }

    /// <returns>The text rewritten; null where it stays.</returns>
    private string? Text(ObjectKey key, string text, string field, bool isSecret)
    {
        string? rewritten = null;
        foreach (var (dns, old, other) in names)
        {
            var found = dns.In(rewritten ?? text);
            if (found.Count == 0)
            {
                continue;
            }

            var what = isSecret ? $"a Service of namespace {old}" : string.Join(", ", found.Distinct());
            Note(key, field, options.RewriteDns ? $"{what}: rewritten to namespace {other}" : $"{what}: still of the old namespace");
            if (options.RewriteDns)
            {
                rewritten = dns.Rewrite(rewritten ?? text, other);
            }
        }

        return rewritten;
    }

    private void Note(ObjectKey key, string field, string what) =>
        note(new ReviewNote(key.Namespace is { } ns ? options.Target(ns) : null, key.ToString(), field, what));
}
