namespace KubectlMlopsBackup.Configuration;

/// <summary>A user and a password for HTTP basic authentication: where they are.</summary>
internal sealed class BasicAuthSpec
{
    public string? UsernameFile { get; set; }

    public string? PasswordFile { get; set; }

    public BasicAuthSecretSpec? Secret { get; set; }
}
