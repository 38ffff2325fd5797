namespace KubectlMlopsBackup.Monitoring;

/// <summary>One alert, in Prometheus' words.</summary>
/// <param name="Name">Also the heading of its section in docs/troubleshooting.md.</param>
/// <param name="For">How long it has to be so.</param>
/// <param name="Severity"><c>critical</c>: get up. <c>warning</c>: on the next working day.</param>
internal sealed record AlertRule(string Name, string Severity, string For, string Expression, string Summary, string Description)
{
    /// <summary>As GitHub makes anchors of headings.</summary>
    public string Anchor => Name.ToLowerInvariant();
}
