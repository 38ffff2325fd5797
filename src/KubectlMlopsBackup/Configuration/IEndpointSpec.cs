namespace KubectlMlopsBackup.Configuration;

/// <summary>Where an HTTP server is: an address, or a Service in the platform's namespace.</summary>
internal interface IEndpointSpec
{
    string? Url { get; }

    /// <summary>By its name alone: it is looked for in the namespace that the platform was recovered into.</summary>
    string? Service { get; }

    int Port { get; }

    BasicAuthSpec? Credentials { get; set; }
}
