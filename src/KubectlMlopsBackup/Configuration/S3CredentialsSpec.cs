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

    /// <summary>A day, such as 2027-03-31, from which the keys no longer work; null where they do not end, or nobody has said when. A store does not tell.</summary>
    public string? Expires { get; set; }

    /// <summary>In the cluster only.</summary>
    public S3SecretSpec? Secret { get; set; }
}
