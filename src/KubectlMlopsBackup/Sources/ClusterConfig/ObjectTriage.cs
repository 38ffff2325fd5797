using System.Text.Json.Nodes;
using System.Text.RegularExpressions;

namespace KubectlMlopsBackup.Sources.ClusterConfig;

/// <summary>Which objects are left out of a backup, since the cluster makes them anew, and why.</summary>
internal static partial class ObjectTriage
{
    public const string Owned = "its controller makes it";
    public const string ByCluster = "the cluster makes it";
    public const string Momentary = "it is of the moment";
    public const string Ended = "it has ended, and would run again";

    /// <summary>Kinds that are never kept.</summary>
    private static readonly string[] Never =
    [
        "Event", "Event.events.k8s.io", "Lease.coordination.k8s.io", "LeaseCandidate.coordination.k8s.io", "ControllerRevision.apps",
        "Node", "PersistentVolume", "VolumeAttachment.storage.k8s.io", "CSINode.storage.k8s.io", "CSIStorageCapacity.storage.k8s.io",
        "CertificateSigningRequest.certificates.k8s.io", "IPAddress.networking.k8s.io", "ResourceSlice.resource.k8s.io",
    ];

    /// <summary>What every namespace gets.</summary>
    private static readonly string[] RootCertificates = ["kube-root-ca.crt", "openshift-service-ca.crt", "istio-ca-root-cert"];

    /// <returns>Whether objects of this kind are looked at.</returns>
    public static bool IsKept(ApiKind kind) =>
        kind.IsKept && !Never.Contains(kind.Resource.Group.Length == 0 ? kind.Resource.Kind : $"{kind.Resource.Kind}.{kind.Resource.Group}");

    /// <param name="body">As the cluster has it.</param>
    /// <param name="selected">Names of Services that have a selector, in the object's namespace: their Endpoints are made for them.</param>
    /// <returns>Why it is left out; null where it is kept.</returns>
    public static string? WhyNot(ObjectKey key, JsonObject body, IReadOnlySet<string> selected)
    {
        if (body.At("metadata", "ownerReferences").Maps().Any(o => o.At("controller").IsTrue()) && !HasContentOfItsOwn(key))
        {
            return Owned;
        }

        return key switch
        {
            { Kind: "ConfigMap", Group: "" } when RootCertificates.Contains(key.Name) => ByCluster,
            { Kind: "ServiceAccount", Group: "", Name: "default" } when IsBare(body) => ByCluster,
            { Kind: "Secret", Group: "" } when IsDefaultedToken(key, body) => ByCluster,
            { Kind: "Endpoints", Group: "" } when selected.Contains(key.Name) => ByCluster,
            { Kind: "EndpointSlice" } when body.At("metadata", "labels", "endpointslice.kubernetes.io/managed-by").Text()?.StartsWith("endpointslice", StringComparison.Ordinal) == true
                => ByCluster,
            { Kind: "Pod", Group: "" } when body.At("metadata", "annotations", "kubernetes.io/config.mirror") is not null => ByCluster,
            { Kind: "Pod", Group: "" } when body.At("status", "phase").Text() is "Succeeded" or "Failed" => Ended,
            { Kind: "Job", Group: "batch" } when body.At("status", "conditions").Maps().Any(c => c.Text("type") is "Complete" or "Failed" && c.Text("status") == "True") => Ended,
            { Kind: "Job", Group: "batch" } when body.At("metadata", "labels", "app.kubernetes.io/name").Text() == "mlopsbackup" => Momentary,
            { Kind: "RoleBinding" or "Role", Group: "rbac.authorization.k8s.io" } when body.At("metadata", "labels", "kubernetes.io/bootstrapping") is not null => ByCluster,
            { Kind: "PriorityClass", Group: "scheduling.k8s.io" } when key.Name.StartsWith("system-", StringComparison.Ordinal) => ByCluster,
            _ => null,
        };
    }

    /// <summary>A controller may not be able to make these again: a generated password, a sealed Secret whose key is gone, a claim on data.</summary>
    private static bool HasContentOfItsOwn(ObjectKey key) => key is { Group: "", Kind: "Secret" or "ConfigMap" or "PersistentVolumeClaim" };

    private static bool IsBare(JsonObject account) =>
        account.At("metadata", "labels") is null
        && account.At("metadata", "annotations") is null
        && account.At("imagePullSecrets") is null
        && account.At("automountServiceAccountToken") is null;

    /// <summary>Before Kubernetes 1.24 every account got one by itself.</summary>
    private static bool IsDefaultedToken(ObjectKey key, JsonObject secret) =>
        (secret.Text("type") == "kubernetes.io/service-account-token"
            && secret.At("metadata", "annotations", "kubernetes.io/service-account.name").Text() is { } account
            && key.Name.StartsWith($"{account}-token-", StringComparison.Ordinal)
            && Suffix().IsMatch(key.Name[$"{account}-token-".Length..]))
        || secret.Text("type") == "bootstrap.kubernetes.io/token";

    [GeneratedRegex(@"^[a-z0-9]{5}\z")]
    private static partial Regex Suffix();
}
