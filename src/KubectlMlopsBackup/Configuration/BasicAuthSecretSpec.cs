namespace KubectlMlopsBackup.Configuration;

/// <summary>A Secret in the cluster, by default of the type <c>kubernetes.io/basic-auth</c>.</summary>
internal sealed class BasicAuthSecretSpec
{
    public string Name { get; set; } = "";

    public string UsernameKey { get; set; } = PlanDefaults.UsernameKey;

    public string PasswordKey { get; set; } = PlanDefaults.PasswordKey;
}
