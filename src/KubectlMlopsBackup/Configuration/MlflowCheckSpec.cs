namespace KubectlMlopsBackup.Configuration;

/// <summary>A tracking server through its REST API: experiments, the latest version of each registered model, and its <c>MLmodel</c>.</summary>
internal sealed class MlflowCheckSpec : IEndpointSpec
{
    public string? Url { get; set; }

    public string? Service { get; set; }

    public int Port { get; set; } = PlanDefaults.MlflowPort;

    /// <summary>At most so many registered models are looked at.</summary>
    public int Models { get; set; } = PlanDefaults.MlflowModels;

    public BasicAuthSpec? Credentials { get; set; }
}
