namespace KubectlMlopsBackup.Configuration;

/// <summary>Either the names of environment variables, or an AWS shared credentials file with a profile in it, or a Secret.</summary>
internal sealed class S3CredentialsSpec
{
    public string? AccessKeyIdEnv { get; set; }

    public string? SecretAccessKeyEnv { get; set; }

    public string? SessionTokenEnv { get; set; }

    public string? File { get; set; }

    /// <summary>Only with <see cref="File"/>; null means <c>default</c>.</summary>
    public string? Profile { get; set; }

    /// <summary>In the cluster only.</summary>
    public S3SecretSpec? Secret { get; set; }
}
