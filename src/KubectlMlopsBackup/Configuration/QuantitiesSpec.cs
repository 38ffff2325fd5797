namespace KubectlMlopsBackup.Configuration;

/// <summary>Kubernetes quantities; null where none is set.</summary>
internal sealed class QuantitiesSpec
{
    public string? Cpu { get; set; }

    public string? Memory { get; set; }
}
