using System.Net;
using System.Runtime.CompilerServices;
using Amazon.Runtime;
using Amazon.Runtime.Credentials;
using Amazon.S3;
using Amazon.S3.Model;

namespace KubectlMlopsBackup.Repository.Storage;

/// <summary>A repository below a prefix of an S3 bucket.</summary>
internal sealed class S3Store : IObjectStore
{
    private readonly S3StoreSettings _settings;
    private readonly AWSCredentials? _credentials;
    private readonly AmazonS3Client _client;
    private readonly S3Retry _retry;
    private readonly S3Upload _upload;
    private readonly S3Errors _errors;
    private readonly string _prefix;

    /// <summary>HEAD says 404 for a missing object and for a missing bucket alike.</summary>
    private volatile bool _bucketSeen;

    /// <exception cref="UserError">Half a pair of keys.</exception>
    public S3Store(S3StoreSettings settings, TimeProvider time)
    {
        var prefix = settings.Prefix.Trim('/');
        _prefix = prefix.Length == 0 ? "" : prefix + "/";
        _settings = settings;
        _errors = new S3Errors(settings);
        _credentials = S3ClientFactory.Credentials(settings);
        _client = S3ClientFactory.Create(settings, _credentials);
        _retry = new S3Retry(settings.Retry, time, BeforeRetry);
        _upload = new S3Upload(this, _client, settings, _retry);
    }

    public string Location => _settings.ToString();

    public int Parallelism => _settings.Parallelism;

    public IPendingObject Create() => new PendingS3Object(_upload);

    public async Task<int> ReadAsync(string key, long offset, Memory<byte> buffer, CancellationToken cancellationToken)
    {
        ObjectKey.Check(key);
        ArgumentOutOfRangeException.ThrowIfNegative(offset);
        if (buffer.IsEmpty)
        {
            return await SizeAsync(key, cancellationToken) is null ? throw NotFound(key) : 0;
        }

        var read = new S3RangeRead(_client, _settings.Bucket, FullKey(key), offset, buffer);
        try
        {
            return await CallAsync(read.TryAsync, "s3:GetObject", key, cancellationToken);
        }
        catch (AmazonServiceException failure) when (failure.StatusCode == HttpStatusCode.NotFound)
        {
            throw NotFound(key);
        }
    }

    public async IAsyncEnumerable<StoredObject> ListAsync(
        string prefix, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        ObjectKey.CheckPrefix(prefix);
        string? continuation = null;
        do
        {
            var page = await ListPageAsync(prefix, continuation, cancellationToken);
            foreach (var found in page.S3Objects ?? [])
            {
                var key = found.Key[_prefix.Length..];
                if (ObjectKey.IsValid(key))
                {
                    yield return new StoredObject(key, found.Size ?? 0);
                }
            }

            continuation = page.IsTruncated == true ? page.NextContinuationToken : null;
        }
        while (continuation is not null);
    }

    public async Task<long?> SizeAsync(string key, CancellationToken cancellationToken)
    {
        ObjectKey.Check(key);
        var found = await HeadAsync(key, cancellationToken);
        return found?.Size;
    }

    public async Task<DeleteOutcome> DeleteAsync(string key, CancellationToken cancellationToken)
    {
        ObjectKey.Check(key);
        // S3 says the same whether there was something to delete or not.
        if (await HeadAsync(key, cancellationToken) is not { } found)
        {
            return DeleteOutcome.NotFound;
        }

        var request = new DeleteObjectRequest { BucketName = _settings.Bucket, Key = FullKey(key) };
        try
        {
            await _retry.RunAsync(guard => _client.DeleteObjectAsync(request, guard.Token), cancellationToken);
            return DeleteOutcome.Deleted;
        }
        catch (AmazonServiceException failure) when (failure.StatusCode == HttpStatusCode.NotFound && failure.ErrorCode != "NoSuchBucket")
        {
            return DeleteOutcome.NotFound;
        }
        catch (AmazonServiceException failure) when (found.IsLocked || S3ObjectHead.SpeaksOfLock(failure))
        {
            return DeleteOutcome.Retained;
        }
        catch (Exception failure) when (failure is not OperationCanceledException)
        {
            throw Explain(failure, "s3:DeleteObject", key);
        }
    }

    public long? FreeBytes() => null;

    public void Dispose() => _client.Dispose();

    internal string FullKey(string key) => _prefix + key;

    internal Exception Explain(Exception failure, string action, string key) =>
        _errors.Explain(failure, action, FullKey(key));

    private ObjectNotFoundException NotFound(string key) => new(Location, key);

    /// <summary>With retries; explains every failure but "not found", which is for the caller.</summary>
    private async Task<T> CallAsync<T>(
        Func<StallGuard, Task<T>> operation, string action, string key, CancellationToken cancellationToken)
    {
        try
        {
            var result = await _retry.RunAsync(operation, cancellationToken);
            _bucketSeen = true;
            return result;
        }
        catch (AmazonServiceException failure) when (failure.StatusCode == HttpStatusCode.NotFound && failure.ErrorCode != "NoSuchBucket")
        {
            throw;
        }
        catch (Exception failure) when (failure is not OperationCanceledException)
        {
            throw Explain(failure, action, key);
        }
    }

    private async Task<S3ObjectHead?> HeadAsync(string key, CancellationToken cancellationToken)
    {
        var request = new GetObjectMetadataRequest { BucketName = _settings.Bucket, Key = FullKey(key) };
        try
        {
            var answer = await _retry.RunAsync(guard => _client.GetObjectMetadataAsync(request, guard.Token), cancellationToken);
            _bucketSeen = true;
            return S3ObjectHead.Of(answer);
        }
        catch (AmazonServiceException failure) when (failure.StatusCode == HttpStatusCode.NotFound)
        {
            if (!_bucketSeen)
            {
                await ListPageAsync("", null, cancellationToken, most: 1);
            }

            return null;
        }
        catch (AmazonServiceException failure) when (failure.StatusCode < HttpStatusCode.InternalServerError)
        {
            // The answer to HEAD has no body and so no reason; that to GET has.
            return await AskForReasonAsync(key, cancellationToken);
        }
        catch (Exception failure) when (failure is not OperationCanceledException)
        {
            throw Explain(failure, "s3:GetObject", key);
        }
    }

    private async Task<S3ObjectHead?> AskForReasonAsync(string key, CancellationToken cancellationToken)
    {
        var read = new S3RangeRead(_client, _settings.Bucket, FullKey(key), 0, new byte[1]);
        try
        {
            await CallAsync(read.TryAsync, "s3:GetObject (and s3:ListBucket, without which a missing object looks forbidden)", key, cancellationToken);
            return new S3ObjectHead(read.ObjectSize ?? 0, IsLocked: false);
        }
        catch (AmazonServiceException failure) when (failure.StatusCode == HttpStatusCode.NotFound)
        {
            return null;
        }
    }

    private async Task<ListObjectsV2Response> ListPageAsync(
        string prefix, string? continuation, CancellationToken cancellationToken, int? most = null)
    {
        var request = new ListObjectsV2Request
        {
            BucketName = _settings.Bucket,
            Prefix = FullKey(prefix),
            ContinuationToken = continuation,
            MaxKeys = most,
        };
        try
        {
            return await CallAsync(
                guard => _client.ListObjectsV2Async(request, guard.Token), "s3:ListBucket", prefix, cancellationToken);
        }
        catch (AmazonServiceException failure)
        {
            throw new IOException($"{Location}: cannot list '{prefix}': {failure.Message}", failure);
        }
    }

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
            return _credentials ?? DefaultAWSCredentialsIdentityResolver.GetCredentials(_client.Config);
        }
        catch (AmazonClientException)
        {
            return null;
        }
    }
}
