using System.Security.Cryptography;
using System.Text.Json.Nodes;

namespace KubectlMlopsBackup.Cluster.Jobs;

/// <summary>Makes a Job from a CronJob's template, as <c>kubectl create job --from</c> does.</summary>
internal static class JobTemplate
{
    /// <summary>Kubernetes' own for names that it generates: no vowels, nothing that looks like another.</summary>
    private const string Letters = "bcdfghjklmnpqrstvwxz2456789";

    private const int LongestName = 63;

    /// <param name="cronJob">As the API gives it, or as it was rendered.</param>
    /// <param name="name">Of the Job.</param>
    /// <param name="more">Arguments for the agent, put after its own.</param>
    public static JsonObject ToJob(JsonObject cronJob, string name, IReadOnlyList<string> more)
    {
        var template = cronJob["spec"]!["jobTemplate"]!.AsObject();
        var metadata = template["metadata"]?.DeepClone().AsObject() ?? [];
        metadata["name"] = name;
        metadata["namespace"] = cronJob["metadata"]!["namespace"]!.GetValue<string>();
        var annotations = metadata["annotations"] as JsonObject ?? [];
        annotations["cronjob.kubernetes.io/instantiate"] = "manual";
        metadata["annotations"] = annotations;
        if (cronJob["metadata"]!["uid"]?.GetValue<string>() is { } uid)
        {
            // The CronJob's own history limits clean it up.
            metadata["ownerReferences"] = new JsonArray(new JsonObject
            {
                ["apiVersion"] = "batch/v1",
                ["kind"] = "CronJob",
                ["name"] = cronJob["metadata"]!["name"]!.GetValue<string>(),
                ["uid"] = uid,
                ["controller"] = true,
                ["blockOwnerDeletion"] = true,
            });
        }

        var spec = template["spec"]!.DeepClone().AsObject();
        var arguments = spec["template"]!["spec"]!["containers"]![0]!["args"] as JsonArray ?? [];
        foreach (var argument in more)
        {
            arguments.Add((JsonNode)argument);
        }

        spec["template"]!["spec"]!["containers"]![0]!["args"] = arguments.DeepClone();
        return new JsonObject { ["apiVersion"] = "batch/v1", ["kind"] = "Job", ["metadata"] = metadata, ["spec"] = spec };
    }

    /// <summary>A name that no other Job has.</summary>
    public static string Name(string prefix)
    {
        var suffix = RandomNumberGenerator.GetString(Letters, 5);
        return $"{(prefix.Length > LongestName - 6 ? prefix[..(LongestName - 6)] : prefix)}-{suffix}";
    }
}
