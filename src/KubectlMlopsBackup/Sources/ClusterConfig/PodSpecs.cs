using System.Text.Json.Nodes;

namespace KubectlMlopsBackup.Sources.ClusterConfig;

/// <summary>Finds the pods that an object of a built-in kind makes, and what is in them.</summary>
internal static class PodSpecs
{
    /// <summary>Kinds of <c>apps</c>, <c>batch</c> and the core group that make pods, or are one.</summary>
    public static bool IsWorkload(ObjectKey key) => key is
    { Group: "apps", Kind: "Deployment" or "StatefulSet" or "DaemonSet" or "ReplicaSet" }
        or { Group: "batch", Kind: "Job" or "CronJob" }
        or { Group: "", Kind: "Pod" or "ReplicationController" };

    /// <returns>The <c>spec</c> of its pods; null for what makes none.</returns>
    public static JsonObject? Of(ObjectKey key, JsonObject body) => key switch
    {
        { Group: "", Kind: "Pod" } => body.Map("spec"),
        { Group: "batch", Kind: "CronJob" } => body.Map("spec", "jobTemplate", "spec", "template", "spec"),
        _ when IsWorkload(key) => body.Map("spec", "template", "spec"),
        { Group: "", Kind: "PodTemplate" } => body.Map("template", "spec"),
        _ => null,
    };

    public static IEnumerable<JsonObject> Containers(JsonObject podSpec) =>
        podSpec.At("initContainers").Maps().Concat(podSpec.At("containers").Maps());
}
