namespace KubectlMlopsBackup.Configuration;

/// <summary>An instant query: every series that it finds must be at least 1, and there must be one.</summary>
internal sealed class PrometheusCheckSpec : IEndpointSpec
{
    public string? Url { get; set; }

    public string? Service { get; set; }

    public int Port { get; set; } = PlanDefaults.PrometheusPort;

    public string Query { get; set; } = PlanDefaults.PrometheusQuery;

    public BasicAuthSpec? Credentials { get; set; }
}
