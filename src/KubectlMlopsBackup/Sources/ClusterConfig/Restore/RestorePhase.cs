using System.Text.Json.Serialization;

namespace KubectlMlopsBackup.Sources.ClusterConfig.Restore;

/// <summary>The steps of a restore, in the order in which they depend on each other.</summary>
internal enum RestorePhase
{
    [JsonStringEnumMemberName("namespaces")]
    Namespaces,

    /// <summary>Definitions of custom resources; waited for until they are established.</summary>
    [JsonStringEnumMemberName("definitions")]
    Definitions,

    /// <summary>Classes, cluster roles and their bindings.</summary>
    [JsonStringEnumMemberName("cluster")]
    Cluster,

    /// <summary>Service accounts, roles, role bindings; quotas, limits and network policies, which are to hold before a pod runs.</summary>
    [JsonStringEnumMemberName("accounts")]
    Accounts,

    /// <summary>Secrets and ConfigMaps.</summary>
    [JsonStringEnumMemberName("contents")]
    Contents,

    [JsonStringEnumMemberName("claims")]
    Claims,

    [JsonStringEnumMemberName("services")]
    Services,

    [JsonStringEnumMemberName("workloads")]
    Workloads,

    /// <summary>Ingresses, autoscalers, custom resources and whatever else.</summary>
    [JsonStringEnumMemberName("rest")]
    Rest,

    /// <summary>Last: once they are there, what they lead to must run.</summary>
    [JsonStringEnumMemberName("webhooks")]
    Webhooks,
}
