namespace KubectlMlopsBackup.Cluster.Models;

/// <summary>A Secret with its values: for who needs one, and shows none. Not printed: a class, since records print what they hold.</summary>
internal sealed class SecretView
{
    /// <summary>Decoded from base64.</summary>
    public Dictionary<string, byte[]>? Data { get; init; }
}
