namespace KubectlMlopsBackup.Configuration;

internal sealed class MonitoringSpec
{
    /// <summary>Whether <c>install</c> adds the exporter; in the cluster only.</summary>
    public bool Exporter { get; set; }

    /// <summary>Who gets the figures of a run at its end; null for nobody.</summary>
    public List<PushSpec>? Push { get; set; }

    /// <summary>Where docs/troubleshooting.md can be read, an absolute http or https URL: alerts link to its sections. Null: the page of this release.</summary>
    public string? RunbookUrl { get; set; }
}
