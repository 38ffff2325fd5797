namespace KubectlMlopsBackup.Configuration;

internal sealed class ResourcesSpec
{
    public QuantitiesSpec Requests { get; set; } = new();

    public QuantitiesSpec Limits { get; set; } = new();
}
