namespace KubectlMlopsBackup.Manifests;

/// <summary>Where things lie in the agent's container. Part of what is installed: do not change them lightly.</summary>
internal static class AgentPaths
{
    public const string Plan = "/etc/mlopsbackup/plan.yaml";
    public const string Secrets = "/var/run/mlopsbackup/secrets";
    public const string PostgresPassword = "postgres-password";
    public const string PostgresRootCert = "postgres-root.crt";
    public const string Passphrase = "encryption-passphrase";
    public const string OldPassphrase = "old-encryption-passphrase";

    public static string Notification(int index) => $"notification-{index}-url";

    public static string PushHeaders(int index) => $"push-{index}-headers";

    public static string CheckUsername(int check) => $"check-{check}-username";

    public static string CheckPassword(int check) => $"check-{check}-password";

    public static string Repository(string name) => $"/var/lib/mlopsbackup/repositories/{name}";
}
