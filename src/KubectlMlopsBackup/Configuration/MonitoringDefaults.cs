namespace KubectlMlopsBackup.Configuration;

internal static class MonitoringDefaults
{
    /// <summary>Of the exporter.</summary>
    public const int Port = 9188;
}
