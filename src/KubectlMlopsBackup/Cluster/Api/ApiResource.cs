namespace KubectlMlopsBackup.Cluster.Api;

/// <summary>A kind of object, and where the API has it.</summary>
/// <param name="Group">Empty for the core group.</param>
internal sealed record ApiResource(string Group, string Version, string Plural, string Kind, bool Namespaced = true)
{
    public static readonly ApiResource Pods = new("", "v1", "pods", "Pod");
    public static readonly ApiResource Events = new("", "v1", "events", "Event");
    public static readonly ApiResource ConfigMaps = new("", "v1", "configmaps", "ConfigMap");
    public static readonly ApiResource Secrets = new("", "v1", "secrets", "Secret");
    public static readonly ApiResource Services = new("", "v1", "services", "Service");
    public static readonly ApiResource ServiceAccounts = new("", "v1", "serviceaccounts", "ServiceAccount");
    public static readonly ApiResource Claims = new("", "v1", "persistentvolumeclaims", "PersistentVolumeClaim");
    public static readonly ApiResource Namespaces = new("", "v1", "namespaces", "Namespace", Namespaced: false);
    public static readonly ApiResource Deployments = new("apps", "v1", "deployments", "Deployment");
    public static readonly ApiResource StatefulSets = new("apps", "v1", "statefulsets", "StatefulSet");
    public static readonly ApiResource Jobs = new("batch", "v1", "jobs", "Job");
    public static readonly ApiResource CronJobs = new("batch", "v1", "cronjobs", "CronJob");
    public static readonly ApiResource NetworkPolicies = new("networking.k8s.io", "v1", "networkpolicies", "NetworkPolicy");
    public static readonly ApiResource Roles = new(Rbac, "v1", "roles", "Role");
    public static readonly ApiResource RoleBindings = new(Rbac, "v1", "rolebindings", "RoleBinding");
    public static readonly ApiResource ClusterRoles = new(Rbac, "v1", "clusterroles", "ClusterRole", Namespaced: false);
    public static readonly ApiResource ClusterRoleBindings = new(Rbac, "v1", "clusterrolebindings", "ClusterRoleBinding", Namespaced: false);
    public static readonly ApiResource ResourceQuotas = new("", "v1", "resourcequotas", "ResourceQuota");
    public static readonly ApiResource LimitRanges = new("", "v1", "limitranges", "LimitRange");
    public static readonly ApiResource AdmissionPolicies = new("admissionregistration.k8s.io", "v1", "validatingadmissionpolicies", "ValidatingAdmissionPolicy", Namespaced: false);
    public static readonly ApiResource AdmissionPolicyBindings = new(
        "admissionregistration.k8s.io", "v1", "validatingadmissionpolicybindings", "ValidatingAdmissionPolicyBinding", Namespaced: false);

    public static readonly ApiResource StorageClasses = new("storage.k8s.io", "v1", "storageclasses", "StorageClass", Namespaced: false);

    public static readonly ApiResource PrometheusRules = new("monitoring.coreos.com", "v1", "prometheusrules", "PrometheusRule");
    public static readonly ApiResource Applications = new("argoproj.io", "v1alpha1", "applications", "Application");
    public static readonly ApiResource EndpointSlices = new("discovery.k8s.io", "v1", "endpointslices", "EndpointSlice");
    public static readonly ApiResource AccessReviews = new("authorization.k8s.io", "v1", "selfsubjectaccessreviews", "SelfSubjectAccessReview", Namespaced: false);
    public static readonly ApiResource LocalAccessReviews = new("authorization.k8s.io", "v1", "localsubjectaccessreviews", "LocalSubjectAccessReview");

    private const string Rbac = "rbac.authorization.k8s.io";

    private static readonly ApiResource[] Known =
    [
        Pods, Events, ConfigMaps, Secrets, Services, ServiceAccounts, Claims, Namespaces,
        Deployments, StatefulSets, Jobs, CronJobs, NetworkPolicies, ResourceQuotas, LimitRanges, StorageClasses, Roles, RoleBindings, ClusterRoles, ClusterRoleBindings,
        AdmissionPolicies, AdmissionPolicyBindings,
    ];

    public string ApiVersion => Group.Length == 0 ? Version : $"{Group}/{Version}";

    /// <summary>Of the kinds that the tool itself makes or reads.</summary>
    /// <exception cref="ArgumentException">Another kind.</exception>
    public static ApiResource OfKind(string kind) =>
        Array.Find(Known, r => r.Kind == kind) ?? throw new ArgumentException($"kind {kind} is not known here", nameof(kind));

    /// <summary>One object as kubectl names it in its output: <c>cronjob.batch/postgres-backup</c>.</summary>
    public string Named(string name) => $"{Kind.ToLowerInvariant()}{(Group.Length == 0 ? "" : ".")}{Group}/{name}";

    /// <summary>As kubectl and Roles write it: <c>jobs.batch</c>, <c>pods</c>.</summary>
    public override string ToString() => Group.Length == 0 ? Plural : $"{Plural}.{Group}";
}
