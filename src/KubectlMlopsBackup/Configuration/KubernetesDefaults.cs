namespace KubectlMlopsBackup.Configuration;

/// <summary>Fills in what <c>spec.kubernetes</c> leaves out.</summary>
internal static class KubernetesDefaults
{
    public static void Apply(KubernetesSpec kubernetes)
    {
        // As in PlanDefaults: the deserializer puts a null where the YAML says so.
        kubernetes.ImagePullPolicy ??= PlanDefaults.ImagePullPolicy;
        kubernetes.ImagePullSecrets ??= [];
        kubernetes.ScaleDown ??= [];
        kubernetes.ServiceAccountAnnotations ??= new ServiceAccountAnnotationsSpec();
        kubernetes.ServiceAccountAnnotations.Backup ??= [];
        kubernetes.ServiceAccountAnnotations.Restore ??= [];
        kubernetes.ServiceAccountAnnotations.Prune ??= [];
        kubernetes.Labels ??= [];
        kubernetes.Annotations ??= [];
        kubernetes.NodeSelector ??= [];
        kubernetes.AffinityLabels ??= [];
        kubernetes.Tolerations ??= [];
        kubernetes.Resources ??= new ResourcesSpec();
        kubernetes.Resources.Requests ??= new QuantitiesSpec();
        kubernetes.Resources.Requests.Cpu ??= PlanDefaults.RequestedCpu;
        kubernetes.Resources.Requests.Memory ??= PlanDefaults.RequestedMemory;
        kubernetes.Resources.Limits ??= new QuantitiesSpec();
        kubernetes.Resources.Limits.Memory ??= PlanDefaults.MemoryLimit;
        kubernetes.ScratchSize ??= PlanDefaults.ScratchSize;
        kubernetes.PodSecurity ??= new PodSecuritySpec();
        kubernetes.ActiveDeadline ??= new ActiveDeadlineSpec();
        kubernetes.ActiveDeadline.Postgres ??= PlanDefaults.ActiveDeadline;
        kubernetes.ActiveDeadline.Artifacts ??= PlanDefaults.ActiveDeadline;
        kubernetes.ActiveDeadline.Verify ??= PlanDefaults.ActiveDeadline;
        kubernetes.VerifySchedule ??= PlanDefaults.VerifySchedule;
    }
}
