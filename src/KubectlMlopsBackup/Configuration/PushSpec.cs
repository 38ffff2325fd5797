namespace KubectlMlopsBackup.Configuration;

/// <summary>Who gets the figures of a run at its end, where nobody can fetch them.</summary>
internal sealed class PushSpec
{
    public string Name { get; set; } = "";

    /// <summary><c>pushgateway</c> (Prometheus' own, or what takes the same) or <c>otlp</c> (OpenTelemetry over HTTP, as JSON).</summary>
    public string Kind { get; set; } = "";

    /// <summary>Of the server; the path of the protocol is put behind it. No secret is in it.</summary>
    public string Url { get; set; } = "";

    /// <summary>A file of request headers, one <c>Name: value</c> a line. They are the credentials.</summary>
    public string? HeadersFile { get; set; }

    public string? HeadersEnv { get; set; }

    public SecretKeySpec? HeadersSecret { get; set; }

    public bool IsOtlp() => Kind == PlanDefaults.Otlp;
}
