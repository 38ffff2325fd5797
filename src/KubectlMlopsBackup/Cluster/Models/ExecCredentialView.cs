namespace KubectlMlopsBackup.Cluster.Models;

/// <summary>client.authentication.k8s.io: what a credential plugin prints.</summary>
internal sealed class ExecCredentialView
{
    public string? ApiVersion { get; set; }

    public ExecCredentialStatus? Status { get; set; }
}

/// <summary>Not a record: its text would show the secret. The certificate and the key are PEM.</summary>
internal sealed class ExecCredentialStatus
{
    public string? Token { get; set; }

    public string? ClientCertificateData { get; set; }

    public string? ClientKeyData { get; set; }

    public DateTimeOffset? ExpirationTimestamp { get; set; }
}
