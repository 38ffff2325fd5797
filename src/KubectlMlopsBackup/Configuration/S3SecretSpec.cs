namespace KubectlMlopsBackup.Configuration;

/// <summary>A Secret that holds S3 access keys, and under which names.</summary>
internal sealed class S3SecretSpec
{
    public string Name { get; set; } = "";

    public string AccessKeyIdKey { get; set; } = "";

    public string SecretAccessKeyKey { get; set; } = "";

    /// <summary>Only for temporary keys.</summary>
    public string? SessionTokenKey { get; set; }
}
