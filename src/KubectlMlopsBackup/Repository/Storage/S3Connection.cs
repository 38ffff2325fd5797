using System.Net;
using Amazon.Runtime;
using Amazon.Runtime.Credentials;
using Amazon.S3;

namespace KubectlMlopsBackup.Repository.Storage;

/// <summary>A place in a bucket and the way to it: requests with retries, credentials renewed, failures in a user's words.</summary>
internal sealed class S3Connection : IDisposable
{
    private readonly AWSCredentials? _credentials;
    private readonly S3Errors _errors;

    /// <summary>HEAD says 404 for a missing object and for a missing bucket alike.</summary>
    private volatile bool _bucketSeen;

    /// <exception cref="UserError">Half a pair of keys.</exception>
    public S3Connection(S3StoreSettings settings, TimeProvider time)
    {
        var prefix = settings.Prefix.Trim('/');
        Prefix = prefix.Length == 0 ? "" : prefix + "/";
        Settings = settings;
        _errors = new S3Errors(settings);
        _credentials = S3ClientFactory.Credentials(settings);
        Client = S3ClientFactory.Create(settings, _credentials);
        Retry = new S3Retry(settings.Retry, time, BeforeRetry, f => S3Faults.IsExpired(f) && !MayRenew(CurrentCredentials()));
    }

    public S3StoreSettings Settings { get; }

    public AmazonS3Client Client { get; }

    public S3Retry Retry { get; }

    /// <summary>"" or a path with a slash at its end.</summary>
    public string Prefix { get; }

    public string Bucket => Settings.Bucket;

    /// <summary>A request has shown that the bucket is there.</summary>
    public bool BucketSeen
    {
        get => _bucketSeen;
        set => _bucketSeen = value;
    }

    /// <summary>With retries; explains every failure but "not found", which is for the caller.</summary>
    /// <param name="operation">One try.</param>
    /// <param name="action">The S3 permission that it needs.</param>
    /// <param name="fullKey">The key or prefix in the bucket, for messages.</param>
    /// <param name="cancellationToken">Stops it.</param>
    public async Task<T> RunAsync<T>(
        Func<StallGuard, Task<T>> operation, string action, string fullKey, CancellationToken cancellationToken)
    {
        try
        {
            var result = await Retry.RunAsync(operation, cancellationToken);
            _bucketSeen = true;
            return result;
        }
        catch (AmazonServiceException failure) when (IsNotFound(failure))
        {
            throw;
        }
        catch (Exception failure) when (failure is not OperationCanceledException)
        {
            throw Explain(failure, action, fullKey);
        }
    }

    /// <summary>The object (not the bucket) is missing.</summary>
    public static bool IsNotFound(AmazonServiceException failure) =>
        failure.StatusCode == HttpStatusCode.NotFound && failure.ErrorCode != "NoSuchBucket";

    public Exception Explain(Exception failure, string action, string fullKey) =>
        _errors.Explain(failure, action, fullKey);

    public void Dispose() => Client.Dispose();

    /// <summary>Whether keys that the store calls expired may be taken again: a session token that somebody has written down never is.</summary>
    /// <param name="credentials">Null where they are not known.</param>
    public static bool MayRenew(AWSCredentials? credentials) => credentials is null or RefreshingAWSCredentials || !credentials.GetCredentials().UseToken;

    private void BeforeRetry(Exception failure)
    {
        if (S3Faults.IsExpired(failure) && CurrentCredentials() is RefreshingAWSCredentials refreshing)
        {
            refreshing.ClearCredentials();
        }
    }

    private AWSCredentials? CurrentCredentials()
    {
        try
        {
            // The chain caches what it found: this is what the request was signed with.
            return _credentials ?? DefaultAWSCredentialsIdentityResolver.GetCredentials(Client.Config);
        }
        catch (AmazonClientException)
        {
            return null;
        }
    }
}
