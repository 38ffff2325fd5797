namespace KubectlMlopsBackup.EndToEndTests.Fixtures;

internal enum ProxyFaultKind
{
    /// <summary>An S3 error instead of an answer; the server never sees the request.</summary>
    Respond,

    /// <summary>The connection is reset, and the server never sees the request.</summary>
    ResetBefore,

    /// <summary>The server does it, but the answer is lost.</summary>
    ResetAfter,

    /// <summary>The answer's body ends early.</summary>
    Truncate,

    /// <summary>The answer's body comes in drops.</summary>
    SlowBody,

    /// <summary>The request waits first.</summary>
    Latency,

    /// <summary>Nothing ever comes back.</summary>
    Hang,

    /// <summary>The answer is dated from the future.</summary>
    Ahead,
}
