using System.Text.Json.Nodes;

namespace KubectlMlopsBackup.Sources.ClusterConfig.Restore;

/// <summary>
/// A copy of webhooks that lead into a namespace, for the new one. A copy that saw the whole cluster's requests could stop all of it: it only sees those for
/// objects in the new namespace.
/// </summary>
internal sealed class WebhookRewriter(ConfigRestoreOptions options)
{
    /// <param name="body">Is changed.</param>
    /// <returns>False where none of the webhooks leads into a namespace that is moved.</returns>
    public bool Rewrite(ObjectKey key, JsonObject body, JsonObject metadata)
    {
        if (body["webhooks"] is not JsonArray webhooks)
        {
            return false;
        }

        var moved = new SortedSet<string>(StringComparer.Ordinal);
        webhooks.RemoveAll(w => w is not JsonObject webhook || !Webhook(webhook, moved));
        metadata["name"] = $"{key.Name}-{string.Join('-', moved)}";
        return webhooks.Count > 0;
    }

    private bool Webhook(JsonObject webhook, SortedSet<string> moved)
    {
        if (webhook.Map("clientConfig", "service") is not { } service
            || service.Text("namespace") is not { } old
            || !options.Namespaces.TryGetValue(old, out var other))
        {
            return false;
        }

        service["namespace"] = other;
        moved.Add(other);
        webhook.Made("namespaceSelector").Made("matchLabels")["kubernetes.io/metadata.name"] = other;
        // Objects of no namespace pass by any selector.
        foreach (var rule in webhook.At("rules").Maps())
        {
            rule["scope"] = "Namespaced";
        }

        return true;
    }
}
