using System.Net;

namespace KubectlMlopsBackup.EndToEndTests.Fixtures;

/// <param name="Kind">What goes wrong.</param>
internal sealed record ProxyFault(ProxyFaultKind Kind)
{
    public HttpStatusCode Status { get; init; }

    public string Code { get; init; } = "";

    public string Message { get; init; } = "injected";

    /// <summary>Of the body, before it is cut; null: half of it.</summary>
    public long? Bytes { get; init; }

    public TimeSpan Delay { get; init; } = TimeSpan.FromMilliseconds(20);

    public static ProxyFault InternalError { get; } = Respond(HttpStatusCode.InternalServerError, "InternalError");

    public static ProxyFault SlowDown { get; } = Respond(HttpStatusCode.ServiceUnavailable, "SlowDown");

    public static ProxyFault ExpiredToken { get; } = Respond(HttpStatusCode.Forbidden, "ExpiredToken");

    public static ProxyFault ResetBefore { get; } = new(ProxyFaultKind.ResetBefore);

    public static ProxyFault ResetAfter { get; } = new(ProxyFaultKind.ResetAfter);

    public static ProxyFault Truncate { get; } = new(ProxyFaultKind.Truncate);

    public static ProxyFault SlowBody { get; } = new(ProxyFaultKind.SlowBody);

    public static ProxyFault Latency { get; } = new(ProxyFaultKind.Latency);

    public static ProxyFault Hang { get; } = new(ProxyFaultKind.Hang);

    /// <summary>The store's clock is an hour ahead of ours.</summary>
    public static ProxyFault AnHourAhead { get; } = new(ProxyFaultKind.Ahead) { Delay = TimeSpan.FromHours(1) };

    public static ProxyFault Respond(HttpStatusCode status, string code, string message = "injected") =>
        new(ProxyFaultKind.Respond) { Status = status, Code = code, Message = message };

    /// <summary>Cut after so many bytes.</summary>
    public static ProxyFault TruncateAfter(long bytes) => new(ProxyFaultKind.Truncate) { Bytes = bytes };
}
