namespace KubectlMlopsBackup.Configuration;

/// <summary>One value in a Secret in the cluster.</summary>
internal sealed class SecretKeySpec
{
    public string Name { get; set; } = "";

    public string Key { get; set; } = "";
}
