using System.Net;

namespace KubectlMlopsBackup.Cluster.Api;

/// <summary>The API server refused a request, or could not be reached.</summary>
internal sealed class ClusterException : Exception
{
    public ClusterException(string message, string? fix, HttpStatusCode? status, string? reason, Exception? inner = null)
        : base(message, inner)
    {
        Fix = fix;
        Status = status;
        Reason = reason;
    }

    public string? Fix { get; }

    /// <summary>Null where there was no answer.</summary>
    public HttpStatusCode? Status { get; }

    /// <summary>The API's own word, such as <c>AlreadyExists</c>; null where there is none.</summary>
    public string? Reason { get; }

    public bool IsNotFound => Status == HttpStatusCode.NotFound;

    public bool IsConflict => Status == HttpStatusCode.Conflict;

    /// <summary>A server-side apply met nobody's fields but this program's own, which it had set in another way: a restore creates, a recovery patches.</summary>
    public bool IsOwnConflict { get; init; }

    /// <summary>The list that a watch goes on from is too old.</summary>
    public bool IsGone => Status == HttpStatusCode.Gone;

    /// <summary>The server may answer the same request later: it is starting, overloaded, or the network is down.</summary>
    public bool IsTransient => Status is null or HttpStatusCode.TooManyRequests or HttpStatusCode.RequestTimeout || (int)Status >= 500;
}
