using System.Net;
using System.Net.Sockets;
using System.Security.Authentication;
using Amazon.Runtime;

namespace KubectlMlopsBackup.Repository.Storage;

/// <summary>Sorts what can go wrong with a request to S3.</summary>
internal static class S3Faults
{
    /// <summary>Damage on the way is rare; the same damage three times is not on the way.</summary>
    private const int TriesOfDamaged = 3;

    /// <summary>Worth another try.</summary>
    /// <param name="failure">What the SDK threw.</param>
    /// <param name="tries">Tries made so far.</param>
    public static bool IsTransient(Exception failure, int tries) => failure switch
    {
        AmazonUnmarshallingException => true,
        AmazonServiceException service => IsTransient(service, tries),
        AmazonClientException => false,
        _ when IsTls(failure) => false,
        HttpRequestException or IOException or SocketException or TimeoutException => true,
        _ => false,
    };

    /// <summary>No connection came about: wrong name, wrong port, or the network is down.</summary>
    public static bool IsUnreachable(Exception failure) =>
        failure is HttpRequestException { HttpRequestError: HttpRequestError.NameResolutionError or HttpRequestError.ConnectionError }
        || Find<SocketException>(failure) is
        {
            SocketErrorCode: SocketError.ConnectionRefused or SocketError.HostNotFound or SocketError.HostUnreachable
                or SocketError.NetworkUnreachable or SocketError.TryAgain or SocketError.NoData,
        };

    public static bool IsTls(Exception failure) =>
        Find<AuthenticationException>(failure) is not null
        || failure is HttpRequestException { HttpRequestError: HttpRequestError.SecureConnectionError }
            && Find<IOException>(failure) is null;

    public static bool IsExpired(Exception failure) => failure is AmazonServiceException
    {
        ErrorCode: "ExpiredToken" or "ExpiredTokenException" or "TokenRefreshRequired",
    };

    /// <summary>The bytes that arrived are not those of the checksum.</summary>
    public static bool IsDamage(Exception failure) => failure is AmazonServiceException
    {
        ErrorCode: "BadDigest" or "XAmzContentSHA256Mismatch" or "XAmzContentChecksumMismatch",
    };

    /// <summary>The store does not know something that was asked for, such as a header.</summary>
    public static bool IsRefusedFeature(Exception failure) => failure is AmazonServiceException
    {
        StatusCode: HttpStatusCode.NotImplemented,
    }
    or AmazonServiceException
    {
        StatusCode: HttpStatusCode.BadRequest,
        ErrorCode: "NotImplemented" or "InvalidArgument" or "InvalidRequest" or "UnsupportedArgument" or "BadRequest" or "400",
    };

    /// <summary>No credentials were found anywhere. The SDK has no type or code for it.</summary>
    public static bool IsNoCredentials(Exception failure)
    {
        for (var cause = failure; cause is not null; cause = cause.InnerException)
        {
            if (cause is AmazonClientException or HttpRequestException && cause.Message.Contains("credentials", StringComparison.OrdinalIgnoreCase))
            {
                return true;
            }
        }

        return false;
    }

    /// <param name="failure">What a store threw, explained or not.</param>
    public static S3Trouble TroubleOf(Exception failure) => Find<AmazonServiceException>(failure) is { StatusCode: not 0 } answer
        ? TroubleOf(answer)
        : failure switch
        {
            _ when Find<TimeoutException>(failure) is not null => S3Trouble.Unreachable,
            _ when Any(failure, IsTls) => S3Trouble.Tls,
            _ when Any(failure, IsUnreachable) => S3Trouble.Unreachable,
            _ when IsNoCredentials(failure) => S3Trouble.Credentials,
            _ => S3Trouble.Other,
        };

    /// <summary>The first of a kind among an exception and its causes.</summary>
    public static T? Find<T>(Exception? failure)
        where T : Exception
    {
        for (; failure is not null; failure = failure.InnerException)
        {
            if (failure is T found)
            {
                return found;
            }
        }

        return null;
    }

    private static S3Trouble TroubleOf(AmazonServiceException answer) => answer.ErrorCode switch
    {
        "NoSuchBucket" => S3Trouble.NoBucket,
        "InvalidAccessKeyId" or "InvalidClientTokenId" or "InvalidToken" or "UnrecognizedClientException" or "SignatureDoesNotMatch" => S3Trouble.Credentials,
        _ when IsExpired(answer) => S3Trouble.Credentials,
        "RequestTimeTooSkewed" or "RequestExpired" => S3Trouble.Clock,
        "PermanentRedirect" or "TemporaryRedirect" or "AuthorizationHeaderMalformed" or "IllegalLocationConstraintException" or "InvalidRegionName" => S3Trouble.Region,
        "AccessDenied" or "AllAccessDisabled" or "AccountProblem" or "InvalidPayer" => S3Trouble.Denied,
        _ => answer.StatusCode switch
        {
            HttpStatusCode.Forbidden or HttpStatusCode.Unauthorized => S3Trouble.Denied,
            HttpStatusCode.Moved or HttpStatusCode.TemporaryRedirect => S3Trouble.Region,
            _ => S3Trouble.Other,
        },
    };

    private static bool Any(Exception? failure, Func<Exception, bool> isIt)
    {
        for (; failure is not null; failure = failure.InnerException)
        {
            if (isIt(failure))
            {
                return true;
            }
        }

        return false;
    }

    private static bool IsTransient(AmazonServiceException failure, int tries) => failure switch
    {
        _ when IsDamage(failure) => tries < TriesOfDamaged,
        _ when IsExpired(failure) => true,
        { StatusCode: HttpStatusCode.NotImplemented or HttpStatusCode.InsufficientStorage } => false,
        { StatusCode: >= HttpStatusCode.InternalServerError } => true,
        { StatusCode: HttpStatusCode.RequestTimeout or HttpStatusCode.TooManyRequests } => true,
        {
            ErrorCode: "SlowDown" or "Throttling" or "ThrottlingException" or "RequestLimitExceeded" or "RequestThrottled"
                or "RequestTimeout" or "RequestTimeoutException" or "InternalError" or "ServiceUnavailable" or "IncompleteBody"
                or "ConditionalRequestConflict" or "OperationAborted"
        } => true,
        { StatusCode: 0, InnerException: { } cause } => IsTransient(cause, tries),
        _ => false,
    };
}
