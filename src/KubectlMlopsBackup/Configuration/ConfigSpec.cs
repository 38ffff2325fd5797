namespace KubectlMlopsBackup.Configuration;

/// <summary>The platform's Kubernetes configuration.</summary>
internal sealed class ConfigSpec
{
    /// <summary>Empty: the plan's own namespace.</summary>
    public List<string> Namespaces { get; set; } = [];

    /// <summary>A label selector; null for all objects.</summary>
    public string? Selector { get; set; }

    /// <summary>Kinds, such as <c>Deployment.apps</c>; empty for all.</summary>
    public List<string> Include { get; set; } = [];

    public List<string> Exclude { get; set; } = [];

    /// <summary><c>include</c>, <c>names-only</c> or <c>none</c>; null where nothing is said: <c>include</c>.</summary>
    public string? Secrets { get; set; }

    /// <summary>Five cron fields; null: on request only.</summary>
    public string? Schedule { get; set; }
}
