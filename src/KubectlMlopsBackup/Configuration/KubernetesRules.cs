using System.Text.RegularExpressions;

namespace KubectlMlopsBackup.Configuration;

/// <summary>Checks <c>spec.kubernetes</c>. What a plan needs beyond that to be run in a cluster is not asked here: it may be for <c>--local</c>.</summary>
internal static partial class KubernetesRules
{
    private const string Section = "spec.kubernetes";

    /// <summary>The domains whose labels are the tool's own: selectors hang on them.</summary>
    private static readonly string[] Own = ["app.kubernetes.io/", "mlopsbackup.io/"];

    public static void Check(PlanSpec spec, PlanProblems problems)
    {
        var kubernetes = spec.Kubernetes!;
        if (kubernetes.Image is { } image && !Image().IsMatch(image))
        {
            problems.Add($"{Section}.image", image, "an image such as registry.example.com/kubectl-mlopsbackup-agent:1.0.0");
        }

        PlanText.CheckOneOf($"{Section}.imagePullPolicy", kubernetes.ImagePullPolicy, problems, "Always", "IfNotPresent", "Never");
        for (var i = 0; i < kubernetes.ImagePullSecrets.Count; i++)
        {
            KubernetesText.CheckName($"{Section}.imagePullSecrets[{i}]", kubernetes.ImagePullSecrets[i] ?? "", problems);
        }

        KubernetesText.CheckAnnotations($"{Section}.serviceAccountAnnotations.backup", kubernetes.ServiceAccountAnnotations.Backup, problems);
        KubernetesText.CheckAnnotations($"{Section}.serviceAccountAnnotations.restore", kubernetes.ServiceAccountAnnotations.Restore, problems);
        KubernetesText.CheckAnnotations($"{Section}.serviceAccountAnnotations.prune", kubernetes.ServiceAccountAnnotations.Prune, problems);
        KubernetesText.CheckAnnotations($"{Section}.annotations", kubernetes.Annotations, problems);
        KubernetesText.CheckLabels($"{Section}.labels", kubernetes.Labels, problems);
        KubernetesText.CheckLabels($"{Section}.nodeSelector", kubernetes.NodeSelector, problems);
        KubernetesText.CheckLabels($"{Section}.affinityLabels", kubernetes.AffinityLabels, problems);
        foreach (var name in kubernetes.Labels.Keys.Where(l => Array.Exists(Own, o => l.StartsWith(o, StringComparison.Ordinal))))
        {
            problems.Add($"{Section}.labels", name, "labels of your own: those of app.kubernetes.io and mlopsbackup.io are set by the tool");
        }

        if (kubernetes.AffinityLabels.Count > 0 && spec.Artifacts is not { Volume: not null })
        {
            problems.Add($"{Section}.affinityLabels", "names the pod that has the artifacts' volume, but there is no spec.artifacts.volume");
        }

        CheckScaleDown(kubernetes.ScaleDown, problems);
        if (kubernetes.PriorityClassName is { } priority)
        {
            KubernetesText.CheckName($"{Section}.priorityClassName", priority, problems);
        }

        CheckTolerations(kubernetes.Tolerations, problems);
        CheckPod(kubernetes, problems);
        PlanValidator.CheckDuration($"{Section}.activeDeadline.postgres", kubernetes.ActiveDeadline.Postgres, problems);
        PlanValidator.CheckDuration($"{Section}.activeDeadline.artifacts", kubernetes.ActiveDeadline.Artifacts, problems);
        PlanValidator.CheckDuration($"{Section}.activeDeadline.verify", kubernetes.ActiveDeadline.Verify, problems);
        ScheduleRules.Check($"{Section}.verifySchedule", kubernetes.VerifySchedule, spec.TimeZone, null, problems);
        ScheduleRules.Check($"{Section}.pruneSchedule", kubernetes.PruneSchedule, spec.TimeZone, null, problems);
    }

    private static void CheckScaleDown(List<string> workloads, PlanProblems problems)
    {
        var seen = new HashSet<string>(StringComparer.Ordinal);
        for (var i = 0; i < workloads.Count; i++)
        {
            var path = $"{Section}.scaleDown[{i}]";
            var workload = workloads[i] ?? "";
            var slash = workload.IndexOf('/', StringComparison.Ordinal);
            if (slash < 0 || workload[..slash] is not ("deployment" or "statefulset"))
            {
                problems.Add(path, workload, "deployment/NAME or statefulset/NAME");
                continue;
            }

            KubernetesText.CheckName(path, workload[(slash + 1)..], problems);
            if (!seen.Add(workload))
            {
                problems.Add(path, workload, "each workload once");
            }
        }
    }

    private static void CheckPod(KubernetesSpec kubernetes, PlanProblems problems)
    {
        KubernetesText.CheckQuantity($"{Section}.resources.requests.cpu", kubernetes.Resources.Requests.Cpu, problems);
        KubernetesText.CheckQuantity($"{Section}.resources.requests.memory", kubernetes.Resources.Requests.Memory, problems);
        KubernetesText.CheckQuantity($"{Section}.resources.limits.cpu", kubernetes.Resources.Limits.Cpu, problems);
        KubernetesText.CheckQuantity($"{Section}.resources.limits.memory", kubernetes.Resources.Limits.Memory, problems);
        KubernetesText.CheckQuantity($"{Section}.scratchSize", kubernetes.ScratchSize, problems);
        CheckId("runAsUser", kubernetes.PodSecurity.RunAsUser, problems);
        CheckId("runAsGroup", kubernetes.PodSecurity.RunAsGroup, problems);
        CheckId("fsGroup", kubernetes.PodSecurity.FsGroup, problems);
    }

    private static void CheckId(string field, int id, PlanProblems problems)
    {
        if (id < 1)
        {
            problems.Add($"{Section}.podSecurity.{field}", $"{id}", "a number from 1: the agent never runs as root");
        }
    }

    private static void CheckTolerations(List<TolerationSpec> tolerations, PlanProblems problems)
    {
        for (var i = 0; i < tolerations.Count; i++)
        {
            var path = $"{Section}.tolerations[{i}]";
            var toleration = tolerations[i] ??= new TolerationSpec();
            PlanText.CheckOneOf($"{path}.operator", toleration.Operator, problems, "Equal", "Exists");
            PlanText.CheckOneOf($"{path}.effect", toleration.Effect, problems, "NoSchedule", "PreferNoSchedule", "NoExecute");
            if (toleration.Key is null && toleration.Operator != "Exists")
            {
                problems.AddMissing($"{path}.key", "the taint's key (without one, operator must be Exists)");
            }
        }
    }

    [GeneratedRegex(@"^[A-Za-z0-9][A-Za-z0-9._\-/:@]{0,511}\z")]
    private static partial Regex Image();
}
