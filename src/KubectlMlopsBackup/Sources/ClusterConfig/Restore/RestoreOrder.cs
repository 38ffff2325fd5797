namespace KubectlMlopsBackup.Sources.ClusterConfig.Restore;

/// <summary>Which step of a restore an object belongs to.</summary>
internal static class RestoreOrder
{
    /// <summary>All steps, in their order.</summary>
    public static IReadOnlyList<RestorePhase> All { get; } = Enum.GetValues<RestorePhase>();

    /// <summary>All that a workload needs before its data comes back: everything before <see cref="RestorePhase.Workloads"/>.</summary>
    public static IReadOnlySet<RestorePhase> BeforeWorkloads { get; } = All.Where(p => p < RestorePhase.Workloads).ToHashSet();

    /// <summary>Workloads, and all that comes after them.</summary>
    public static IReadOnlySet<RestorePhase> FromWorkloads { get; } = All.Where(p => p >= RestorePhase.Workloads).ToHashSet();

    public static RestorePhase PhaseOf(ObjectKey key) => key switch
    {
        { Group: "", Kind: "Namespace" } => RestorePhase.Namespaces,
        { Group: "apiextensions.k8s.io", Kind: "CustomResourceDefinition" } => RestorePhase.Definitions,
        { Group: "admissionregistration.k8s.io" } => RestorePhase.Webhooks,
        { Namespace: null, Group: "rbac.authorization.k8s.io" or "storage.k8s.io" or "scheduling.k8s.io" or "node.k8s.io" or "networking.k8s.io" } => RestorePhase.Cluster,
        { Group: "", Kind: "ServiceAccount" or "ResourceQuota" or "LimitRange" } => RestorePhase.Accounts,
        { Group: "rbac.authorization.k8s.io" } => RestorePhase.Accounts,
        { Group: "networking.k8s.io", Kind: "NetworkPolicy" } => RestorePhase.Accounts,
        { Group: "", Kind: "Secret" or "ConfigMap" } => RestorePhase.Contents,
        { Group: "", Kind: "PersistentVolumeClaim" } => RestorePhase.Claims,
        { Group: "", Kind: "Service" or "Endpoints" } => RestorePhase.Services,
        { Group: "discovery.k8s.io", Kind: "EndpointSlice" } => RestorePhase.Services,
        _ when PodSpecs.IsWorkload(key) => RestorePhase.Workloads,
        _ => RestorePhase.Rest,
    };

    /// <summary>Objects that are needed by others of the same step: roles before what binds them, accounts before the token Secrets that name them.</summary>
    public static int Rank(ObjectKey key) => key.Kind switch
    {
        "ServiceAccount" or "ClusterRole" or "Role" => 0,
        "ResourceQuota" or "LimitRange" => 2,
        _ => 1,
    };

    /// <summary>The steps that there is something to do in, each with its objects in the order of the restore.</summary>
    public static IReadOnlyList<RestoreStep> Steps(IEnumerable<ConfigObject> objects) =>
    [
        .. objects
            .GroupBy(o => PhaseOf(o.Key))
            .OrderBy(g => g.Key)
            .Select(g => new RestoreStep(g.Key, [.. g.OrderBy(o => Rank(o.Key)).ThenBy(o => o.Key.Path, StringComparer.Ordinal)])),
    ];
}
