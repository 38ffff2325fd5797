using System.Text.Json.Nodes;
using KubectlMlopsBackup.Sources.ClusterConfig;

namespace KubectlMlopsBackup.Recovery.Drills;

/// <summary>
/// What of a platform is rebuilt in a scratch namespace: only kinds that stay inside it, and in them nothing that reaches beyond. Whatever acts
/// on the world through somebody else (custom resources, ingresses, schedules, rights at the API server) is no part of a drill.
/// </summary>
internal static class DrillObjects
{
    /// <summary>Volumes that are the pod's own, or come from objects of the namespace.</summary>
    private static readonly string[] SafeVolumes = ["emptyDir", "configMap", "secret", "projected", "downwardAPI", "persistentVolumeClaim", "ephemeral"];

    /// <summary>By these, a service account is somebody in a cloud.</summary>
    private static readonly string[] CloudRoles = ["eks.amazonaws.com/", "iam.gke.io/", "azure.workload.identity/"];

    /// <summary>Of a claim: what leads to a volume that exists.</summary>
    private static readonly string[] ClaimLinks = ["volumeName", "dataSource", "dataSourceRef", "selector"];

    /// <summary>Of a Service: what is seen from outside.</summary>
    private static readonly string[] ServiceDoors =
    [
        "externalIPs", "loadBalancerIP", "loadBalancerSourceRanges", "loadBalancerClass", "externalTrafficPolicy", "healthCheckNodePort", "allocateLoadBalancerNodePorts",
    ];

    /// <param name="source">The platform's namespace: objects of others are left out.</param>
    /// <returns>What is applied, and why some of what would have been is not.</returns>
    public static (IReadOnlyList<ConfigObject> Objects, IReadOnlyList<string> LeftOut) Of(IEnumerable<ConfigObject> objects, string source)
    {
        var kept = new List<ConfigObject>();
        var leftOut = new List<string>();
        foreach (var one in objects.Where(o => o.Key.Namespace == source && !o.IsOwn))
        {
            var body = one.Copy();
            var reason = one.Key switch
            {
                { Group: "", Kind: "Secret" } => body["type"]?.GetValue<string>() == "kubernetes.io/service-account-token" ? "" : null,
                { Group: "", Kind: "ConfigMap" } => null,
                { Group: "", Kind: "ServiceAccount" } => Account(body),
                { Group: "", Kind: "PersistentVolumeClaim" } => Claim(body),
                { Group: "", Kind: "Service" } => Service(body),
                { Group: "apps", Kind: "Deployment" or "StatefulSet" } => Workload(body),
                _ => "",
            };
            if (reason is null)
            {
                kept.Add(ConfigObject.Of(body));
            }
            else if (reason.Length > 0)
            {
                leftOut.Add($"{one}: {reason}");
            }
        }

        return (kept, leftOut);
    }

    private static string? Account(JsonObject body)
    {
        if (body["metadata"]?["annotations"] is JsonObject annotations)
        {
            foreach (var role in annotations.Select(a => a.Key).Where(k => Array.Exists(CloudRoles, c => k.StartsWith(c, StringComparison.Ordinal))).ToList())
            {
                annotations.Remove(role);
            }
        }

        body["automountServiceAccountToken"] = false;
        return null;
    }

    private static string? Claim(JsonObject body)
    {
        foreach (var link in ClaimLinks)
        {
            (body["spec"] as JsonObject)?.Remove(link);
        }

        return null;
    }

    private static string? Service(JsonObject body)
    {
        if (body["spec"] is not JsonObject spec)
        {
            return null;
        }

        if ((string?)spec["type"] == "ExternalName")
        {
            return "it leads out of the namespace";
        }

        spec["type"] = "ClusterIP";
        foreach (var door in ServiceDoors)
        {
            spec.Remove(door);
        }

        foreach (var port in (spec["ports"] as JsonArray ?? []).OfType<JsonObject>())
        {
            port.Remove("nodePort");
        }

        return null;
    }

    private static string? Workload(JsonObject body)
    {
        if (body["spec"]?["template"]?["spec"] is not JsonObject pod)
        {
            return "it has no pods";
        }

        foreach (var share in new[] { "hostNetwork", "hostPID", "hostIPC" })
        {
            if (pod[share]?.GetValueKind() == System.Text.Json.JsonValueKind.True)
            {
                return $"{share} gives its pods what is the node's, and so not the drill's alone";
            }
        }

        foreach (var volume in (pod["volumes"] as JsonArray ?? []).OfType<JsonObject>())
        {
            if (volume.Select(f => f.Key).FirstOrDefault(k => k != "name" && !SafeVolumes.Contains(k)) is { } kind)
            {
                return $"its volume {volume["name"]} is a {kind}, which may hold the platform's own data";
            }

            if (volume["ephemeral"]?["volumeClaimTemplate"] is JsonObject claim)
            {
                Claim(claim);
            }
        }

        pod["automountServiceAccountToken"] = false;
        foreach (var template in (body["spec"]?["volumeClaimTemplates"] as JsonArray ?? []).OfType<JsonObject>())
        {
            Claim(template);
        }

        return null;
    }
}
