namespace KubectlMlopsBackup.Configuration;

/// <summary>A GET, and what the answer has to be.</summary>
internal sealed class HttpCheckSpec : IEndpointSpec
{
    public string? Url { get; set; }

    public string? Service { get; set; }

    public int Port { get; set; } = 80;

    public string Path { get; set; } = "/";

    public int Status { get; set; } = 200;

    /// <summary>A text that the body must contain; null for whatever body.</summary>
    public string? Contains { get; set; }

    /// <summary>A field of a JSON body, such as <c>status</c> or <c>database.state</c>; null for none.</summary>
    public string? JsonField { get; set; }

    /// <summary>What the field must be; null: it has to be there.</summary>
    public string? JsonValue { get; set; }

    public BasicAuthSpec? Credentials { get; set; }
}
