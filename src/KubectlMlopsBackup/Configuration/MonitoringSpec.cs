namespace KubectlMlopsBackup.Configuration;

internal sealed class MonitoringSpec
{
    /// <summary>Whether <c>install</c> adds the exporter; in the cluster only.</summary>
    public bool Exporter { get; set; }
}
