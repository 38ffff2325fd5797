using System.Globalization;
using KubectlMlopsBackup.Configuration;
using Scriban.Runtime;
using static KubectlMlopsBackup.Manifests.ObjectModel;

namespace KubectlMlopsBackup.Manifests;

/// <summary>What the template of a CronJob needs.</summary>
internal static class JobModel
{
    /// <summary>Without a registry: the name that the image's own build gives it.</summary>
    private const string Image = "kubectl-mlopsbackup-agent";

    public static ScriptObject Of(ObjectModel objects, BackupPlan plan, AgentPlan agent, AgentJob job, ManifestOptions options)
    {
        var spec = plan.Spec;
        var kubernetes = spec.Kubernetes!;
        var model = objects.Of(job.Name, job.Name);
        model["schedule"] = Quote(job.Schedule);
        model["timeZone"] = Quote(spec.TimeZone);
        model["suspend"] = job.Suspend;
        model["activeDeadlineSeconds"] = Number((long)PlanDuration.Parse(job.ActiveDeadline).TotalSeconds);
        model["backoffLimit"] = job.Retries;
        model["token"] = job.ReadsCluster;
        model["serviceAccount"] = Quote(job.ServiceAccount);
        model["args"] = new ScriptArray(job.Arguments.Select(Quote));
        model["plan"] = Quote(options.PlanMap);
        AddPod(model, kubernetes, options.Version);
        model["affinityLabels"] = job is { ReadsArtifacts: true, WritesArtifacts: false } ? Pairs(kubernetes.AffinityLabels) : null;
        model["pods"] = job.Pods == 1 ? null : Number(job.Pods);
        model["runVariable"] = Quote(AgentJobs.RunVariable);
        // Only the pods of an Indexed Job can know how often theirs was tried before.
        var counted = job is { Notifies: true, Retries: > 0 } && spec.Notifications is { Count: > 0 };
        model["indexed"] = job.Pods > 1 || counted ? Number(job.Pods) : null;
        model["failedVariable"] = counted ? Quote(JobAttempt.FailedVariable) : null;
        model["retriesVariable"] = Quote(JobAttempt.RetriesVariable);
        model["retries"] = Quote(Number(job.Retries));
        // The pod that has the artifacts' volume, where one is named, says which node; else the first of these pods does.
        var oneNode = spec.Repositories.Exists(r => r.Volume is { AccessMode: not RepositoryVolumeSpec.ManyNodes });
        model["together"] = job.Pods > 1 && oneNode && kubernetes.AffinityLabels.Count == 0;
        model["spread"] = job.Pods > 1 && !oneNode && kubernetes.AffinityLabels.Count == 0;
        model["selector"] = Pairs(ObjectModel.Selector(plan, job.Name));

        // A Job sees the secrets that it needs, and no others.
        model["secretsPath"] = Quote(AgentPaths.Secrets);
        model["secrets"] = new ScriptArray((job.ReadsPostgres ? agent.PostgresFiles : []).Concat(job.ChecksPlatform ? agent.CheckFiles : []).Concat(job.Notifies ? agent.NotificationFiles : []).Concat(agent.RepositoryFiles).Concat(job.MoreSecrets)
            .Select(f => new ScriptObject { ["secret"] = Quote(f.Secret), ["key"] = Quote(f.Key), ["path"] = Quote(f.Path) }));
        model["env"] = new ScriptArray((job.ReadsArtifacts ? agent.ArtifactsVariables : []).Concat(agent.RepositoryVariables)
            .Select(v => new ScriptObject { ["name"] = Quote(v.Name), ["secret"] = Quote(v.Secret), ["key"] = Quote(v.Key) }));
        model["artifacts"] = job.ReadsArtifacts && spec.Artifacts?.Volume is { } volume
            ? new ScriptObject
            {
                ["claimName"] = Quote(volume.ClaimName),
                ["mountPath"] = Quote(volume.MountPath),
                ["subPath"] = Quote(volume.SubPath),
                ["readOnly"] = !job.WritesArtifacts,
            }
            : null;
        model["repositories"] = new ScriptArray(spec.Repositories.Select((r, i) => (Repository: r, Number: i))
            .Where(r => r.Repository.Volume is not null)
            .Select(r => new ScriptObject
            {
                // By number: a volume's name is shorter than a repository's may be.
                ["volume"] = Quote($"repository-{r.Number.ToString(CultureInfo.InvariantCulture)}"),
                ["claimName"] = Quote(r.Repository.Volume!.ClaimName),
                ["mountPath"] = Quote(AgentPaths.Repository(r.Repository.Name)),
            }));
        return model;
    }

    /// <summary>What pods of every kind have from the plan.</summary>
    public static void AddPod(ScriptObject model, KubernetesSpec kubernetes, string version)
    {
        model["image"] = Quote(kubernetes.Image ?? $"{Image}:{version}");
        model["imagePullPolicy"] = Quote(kubernetes.ImagePullPolicy);
        model["imagePullSecrets"] = kubernetes.ImagePullSecrets.Count == 0 ? null : new ScriptArray(kubernetes.ImagePullSecrets.Select(Quote));
        model["priorityClassName"] = Quote(kubernetes.PriorityClassName);
        model["nodeSelector"] = Pairs(kubernetes.NodeSelector);
        model["tolerations"] = kubernetes.Tolerations.Count == 0 ? null : new ScriptArray(kubernetes.Tolerations.Select(Toleration));
        model["runAsUser"] = Number(kubernetes.PodSecurity.RunAsUser);
        model["runAsGroup"] = Number(kubernetes.PodSecurity.RunAsGroup);
        model["fsGroup"] = Number(kubernetes.PodSecurity.FsGroup);
        model["requests"] = Quantities(kubernetes.Resources.Requests);
        model["limits"] = Quantities(kubernetes.Resources.Limits);
        model["scratchSize"] = Quote(kubernetes.ScratchSize);
    }

    private static ScriptObject Quantities(QuantitiesSpec quantities) => new()
    {
        ["cpu"] = Quote(quantities.Cpu),
        ["memory"] = Quote(quantities.Memory),
    };

    private static ScriptArray Toleration(TolerationSpec toleration)
    {
        (string Key, string? Value)[] fields =
        [
            ("key", Quote(toleration.Key)),
            ("operator", Quote(toleration.Operator)),
            ("value", Quote(toleration.Value)),
            ("effect", Quote(toleration.Effect)),
            ("tolerationSeconds", toleration.TolerationSeconds is { } seconds ? Number(seconds) : null),
        ];
        return new ScriptArray(fields.Where(f => f.Value is not null).Select(f => Pair(f.Key, f.Value!)));
    }

    private static string Number(long number) => number.ToString(CultureInfo.InvariantCulture);
}
