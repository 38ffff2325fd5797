using System.Net;
using System.Text.RegularExpressions;
using Amazon.Runtime;
using Amazon.S3;

namespace KubectlMlopsBackup.Repository.Storage;

/// <summary>Says what a failed request means and what to do about it. Knows no secret, so it tells none.</summary>
/// <param name="settings">Of the store that failed.</param>
internal sealed partial class S3Errors(S3StoreSettings settings)
{
    private string Where { get; } = settings.Endpoint is { } endpoint
        ? $"{settings} at {endpoint.GetLeftPart(UriPartial.Authority)}"
        : settings.ToString();

    /// <param name="failure">What came out of the retries.</param>
    /// <param name="action">The S3 permission that the request needs, such as <c>s3:GetObject</c>.</param>
    /// <param name="key">The object or prefix asked for, in the bucket.</param>
    /// <returns>A <see cref="UserError"/> or an <see cref="IOException"/>; the failure itself where it is a bug.</returns>
    public Exception Explain(Exception failure, string action, string key) => failure switch
    {
        AmazonUnmarshallingException => new IOException(
            $"{Where}: {action} on {key} failed after several tries: the answer is cut off, or not S3's: {Innermost(failure).Message}", failure),
        AmazonServiceException service => Explain(service, action, key),
        _ when S3Faults.IsTls(failure) => new UserError(
            $"{Where}: no secure connection: {Innermost(failure).Message}",
            "check that the endpoint speaks https and that its certificate is trusted here (SSL_CERT_FILE names a private authority's)",
            inner: failure),
        _ when S3Faults.IsUnreachable(failure) => new UserError(
            $"{Where}: the endpoint cannot be reached: {Innermost(failure).Message}",
            settings.Endpoint is null
                ? "it was looked for at AWS: a store that is not AWS wants its endpoint (in the plan, or --endpoint URL); else check the region, the DNS, and whether a firewall or NetworkPolicy is in between"
                : "check its host and port, the DNS, and whether a firewall or NetworkPolicy is in between",
            inner: failure),
        TimeoutException => new UserError(
            $"{Where}: the endpoint does not answer: {failure.Message} ({action} on {key})",
            "check the endpoint's host and port and the network to it, then run it again",
            inner: failure),
        AmazonClientException when S3Faults.IsNoCredentials(failure) => NoCredentials(failure),
        HttpRequestException or IOException or AmazonClientException or System.Net.Sockets.SocketException =>
            new IOException($"{Where}: {action} on {key} failed after several tries: {Innermost(failure).Message}", failure),
        _ => failure,
    };

    private Exception Explain(AmazonServiceException failure, string action, string key) => failure.ErrorCode switch
    {
        "NoSuchBucket" => new UserError(
            $"{Where}: there is no bucket {settings.Bucket}",
            "create it (kubectl mlopsbackup s3 setup does it, versioned and encrypted), or correct the bucket's name or the endpoint",
            ExitCode.NoRepository,
            failure),
        "InvalidAccessKeyId" or "InvalidClientTokenId" or "InvalidToken" or "UnrecognizedClientException" => new UserError(
            $"{Where}: the store does not know the access key",
            "check the access key, and that it belongs to this endpoint; a session key needs its session token too",
            inner: failure),
        "SignatureDoesNotMatch" => new UserError(
            $"{Where}: the secret key does not fit the access key",
            "check the secret key (a newline at its end is the usual cause), and that no proxy rewrites the request",
            inner: failure),
        _ when S3Faults.IsExpired(failure) => new UserError(
            $"{Where}: the credentials have expired",
            settings.SessionToken is null
                ? "renew them; a service account (IRSA, Pod Identity) or a profile is renewed by itself, a session token is not"
                : "put new keys and a new session token where the plan has them (credentials); a service account (IRSA, Pod Identity) is renewed by itself, a session token is not",
            inner: failure),
        "RequestTimeTooSkewed" or "RequestExpired" => new UserError(
            $"{Where}: the clock of this machine and the store's differ too much",
            "set the clock (NTP), then run it again",
            inner: failure),
        "PermanentRedirect" or "TemporaryRedirect" or "AuthorizationHeaderMalformed" or "IllegalLocationConstraintException"
            or "InvalidRegionName" => WrongRegion(failure),
        "QuotaExceeded" or "XMinioStorageFull" or "XMinioAdminBucketQuotaExceeded" or "EntityTooLarge" => Full(failure),
        { } code when code.StartsWith("KMS.", StringComparison.Ordinal) => new UserError(
            $"{Where}: the KMS key {settings.KmsKeyId ?? "of the bucket"} cannot be used: {code}",
            "check that the key exists, is enabled, is in the bucket's region, and allows kms:GenerateDataKey and kms:Decrypt to this identity",
            inner: failure),
        "AccessDenied" or "AllAccessDisabled" or "AccountProblem" or "InvalidPayer" => Denied(failure, action, key),
        _ => ByStatus(failure, action, key),
    };

    private Exception ByStatus(AmazonServiceException failure, string action, string key) => failure.StatusCode switch
    {
        HttpStatusCode.Forbidden or HttpStatusCode.Unauthorized => Denied(failure, action, key),
        HttpStatusCode.Moved or HttpStatusCode.TemporaryRedirect => WrongRegion(failure),
        HttpStatusCode.InsufficientStorage => Full(failure),
        0 when failure.InnerException is { } cause and not AmazonServiceException => Explain(cause, action, key),
        _ => new IOException(
            $"{Where}: {action} on {key} failed: {failure.ErrorCode} (HTTP {(int)failure.StatusCode}, request {failure.RequestId}): {failure.Message}",
            failure),
    };

    private UserError Denied(Exception failure, string action, string key) => new(
        $"{Where}: access denied: {action} on {key}",
        $"allow {action} to this identity: `s3 policy` prints the whole policy"
            + (settings.Encryption == S3ServerSideEncryption.Kms ? "; the KMS key's policy counts too" : ""),
        inner: failure);

    private UserError WrongRegion(AmazonServiceException failure) => new(
        settings.Region is { } region
            ? $"{Where}: the bucket is not in region {region}: {failure.Message}"
            : $"{Where}: the bucket is in another region: {failure.Message}",
        ExpectedRegion().Match(failure.Message) is { Success: true } expected
            ? $"set region: {expected.Groups[1].Value} at this place of the plan: that is the bucket's own"
            : "set the bucket's own region (aws s3api get-bucket-location tells it; for another store, see that the endpoint is the bucket's)",
        inner: failure);

    private UserError Full(Exception failure) => new(
        $"{Where}: the store is full, or its quota is used up",
        "free some space or raise the quota, then run it again; nothing that was committed is lost",
        inner: failure);

    private UserError NoCredentials(Exception failure) => new(
        $"{Where}: no credentials were found: none are set, and the environment (AWS_ACCESS_KEY_ID), the web identity token "
            + "(IRSA: AWS_WEB_IDENTITY_TOKEN_FILE), the profile (AWS_PROFILE, ~/.aws), the container's endpoint (Pod Identity) "
            + "and the instance's metadata service, asked in this order, have none",
        "in a cluster, annotate the service account with a role; elsewhere set AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY, or AWS_PROFILE",
        inner: failure);

    [GeneratedRegex("expecting '([a-z0-9-]{2,40})'")]
    private static partial Regex ExpectedRegion();

    private static Exception Innermost(Exception failure)
    {
        while (failure.InnerException is { } cause)
        {
            failure = cause;
        }

        return failure;
    }
}
