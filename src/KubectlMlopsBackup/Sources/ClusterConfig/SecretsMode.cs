using System.Text.Json.Serialization;

namespace KubectlMlopsBackup.Sources.ClusterConfig;

/// <summary>What a backup keeps of Secrets.</summary>
internal enum SecretsMode
{
    /// <summary>All of them. Only into a repository that is encrypted.</summary>
    [JsonStringEnumMemberName("include")]
    Include,

    /// <summary>Which there are, and the names of their keys: enough to know what is to be made again by hand.</summary>
    [JsonStringEnumMemberName("names-only")]
    NamesOnly,

    /// <summary>Nothing.</summary>
    [JsonStringEnumMemberName("none")]
    None,
}
