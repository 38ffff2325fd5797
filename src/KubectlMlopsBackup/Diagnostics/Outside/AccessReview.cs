using System.Text.Json;
using System.Text.Json.Nodes;
using KubectlMlopsBackup.Cluster.Api;
using KubectlMlopsBackup.Cluster.Models;

namespace KubectlMlopsBackup.Diagnostics.Outside;

/// <summary>Asks the API server who may do what.</summary>
internal static class AccessReview
{
    /// <summary>Whether the caller may.</summary>
    public static Task<bool> MayIAsync(ClusterApi api, string ns, AccessRight right, CancellationToken cancellationToken) =>
        AskAsync(api, ApiResource.AccessReviews, null, new JsonObject { ["resourceAttributes"] = Attributes(ns, right) }, cancellationToken);

    /// <summary>Whether a ServiceAccount of the namespace may. Wants the right to create localsubjectaccessreviews.</summary>
    public static Task<bool> MayAsync(ClusterApi api, string ns, string account, AccessRight right, CancellationToken cancellationToken) =>
        AskAsync(
            api,
            ApiResource.LocalAccessReviews,
            ns,
            new JsonObject
            {
                ["resourceAttributes"] = Attributes(ns, right),
                ["user"] = $"system:serviceaccount:{ns}:{account}",
                ["groups"] = new JsonArray("system:serviceaccounts", $"system:serviceaccounts:{ns}", "system:authenticated"),
            },
            cancellationToken);

    private static async Task<bool> AskAsync(ClusterApi api, ApiResource resource, string? ns, JsonObject spec, CancellationToken cancellationToken)
    {
        var body = new JsonObject
        {
            ["apiVersion"] = resource.ApiVersion,
            ["kind"] = resource.Kind,
            ["metadata"] = ns is null ? [] : new JsonObject { ["namespace"] = ns },
            ["spec"] = spec,
        };
        var answer = await api.CreateAsync(resource, ns, body.ToJsonString(), dryRun: false, cancellationToken);
        return answer.Deserialize(ClusterJson.Default.AccessReviewView)?.Status?.Allowed == true;
    }

    private static JsonObject Attributes(string ns, AccessRight right) => new()
    {
        ["namespace"] = ns,
        ["verb"] = right.Verb,
        ["group"] = right.Resource.Group,
        ["resource"] = right.Resource.Plural,
        ["subresource"] = right.Subresource ?? "",
        ["name"] = right.Object ?? "",
    };
}
