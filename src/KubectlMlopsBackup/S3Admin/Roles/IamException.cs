using System.Net;

namespace KubectlMlopsBackup.S3Admin.Roles;

/// <summary>IAM has refused.</summary>
/// <param name="action">Such as <c>CreateRole</c>.</param>
/// <param name="code">Its word for it; "" where it has none.</param>
/// <param name="said">In its own words.</param>
internal sealed class IamException(string action, HttpStatusCode status, string code, string said)
    : Exception($"iam:{action}: {(code.Length > 0 ? code : "refused")} (HTTP {(int)status}){(said.Length > 0 ? $": {said}" : "")}")
{
    public string Action => action;

    public string Code => code;

    public bool IsTransient => status >= HttpStatusCode.InternalServerError || status == HttpStatusCode.TooManyRequests
        || code is "Throttling" or "ThrottlingException" or "RequestLimitExceeded" or "ConcurrentModification" or "ServiceFailure";

    public bool IsDenied => !IsTransient && (status is HttpStatusCode.Forbidden or HttpStatusCode.Unauthorized || code is "AccessDenied");

    /// <summary>The service has no such call: it is no IAM.</summary>
    public bool IsUnknown => status is HttpStatusCode.MethodNotAllowed or HttpStatusCode.NotFound or HttpStatusCode.NotImplemented || code is "InvalidAnswer" or "InvalidAction" or "NotImplemented";
}
