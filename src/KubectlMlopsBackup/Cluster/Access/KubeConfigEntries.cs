namespace KubectlMlopsBackup.Cluster.Access;

/// <summary>A cluster of a kubeconfig. File names are absolute.</summary>
internal sealed record ClusterEntry(
    string? Server, string? CertificateAuthority, string? CertificateAuthorityData, bool SkipTlsVerify, string? TlsServerName, string? ProxyUrl);

internal sealed record ContextEntry(string? Cluster, string? User, string? Namespace);

/// <summary>A user of a kubeconfig. File names are absolute. A record without a text of its own: it holds secrets.</summary>
internal sealed class UserEntry
{
    public string? ClientCertificate { get; init; }

    public string? ClientCertificateData { get; init; }

    public string? ClientKey { get; init; }

    public string? ClientKeyData { get; init; }

    public string? Token { get; init; }

    public string? TokenFile { get; init; }

    public string? Username { get; init; }

    public string? Password { get; init; }

    public string? As { get; init; }

    public IReadOnlyList<string> AsGroups { get; init; } = [];

    public ExecEntry? Exec { get; init; }

    /// <summary>Ways to log in that kubectl itself has given up; null for none.</summary>
    public string? AuthProvider { get; init; }
}

/// <summary>A program that prints a credential, such as <c>aws eks get-token</c>.</summary>
/// <param name="Command">With a path in it: absolute.</param>
internal sealed record ExecEntry(
    string ApiVersion, string Command, IReadOnlyList<string> Arguments, IReadOnlyDictionary<string, string> Environment,
    string? InstallHint, bool ProvideClusterInfo, string? InteractiveMode);
