using System.Net;
using System.Runtime.CompilerServices;
using Amazon.Runtime;
using Amazon.S3.Model;

namespace KubectlMlopsBackup.Repository.Storage;

/// <summary>A repository below a prefix of an S3 bucket.</summary>
internal sealed class S3Store : IObjectStore
{
    private readonly S3Connection _bucket;
    private readonly S3Upload _upload;

    /// <exception cref="UserError">Half a pair of keys.</exception>
    public S3Store(S3StoreSettings settings, TimeProvider time)
    {
        _bucket = new S3Connection(settings, time);
        _upload = new S3Upload(this, _bucket);
    }

    public string Location => _bucket.Settings.ToString();

    public int Parallelism => _bucket.Settings.Parallelism;

    public IPendingObject Create() => new PendingS3Object(_upload);

    public async Task<int> ReadAsync(string key, long offset, Memory<byte> buffer, CancellationToken cancellationToken)
    {
        ObjectKey.Check(key);
        ArgumentOutOfRangeException.ThrowIfNegative(offset);
        if (buffer.IsEmpty)
        {
            return await SizeAsync(key, cancellationToken) is null ? throw NotFound(key) : 0;
        }

        var read = new S3RangeRead(_bucket.Client, _bucket.Bucket, FullKey(key), offset, buffer);
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
                var key = found.Key[_bucket.Prefix.Length..];
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

        var request = new DeleteObjectRequest { BucketName = _bucket.Bucket, Key = FullKey(key) };
        try
        {
            await _bucket.Retry.RunAsync(guard => _bucket.Client.DeleteObjectAsync(request, guard.Token), cancellationToken);
            return DeleteOutcome.Deleted;
        }
        catch (AmazonServiceException failure) when (S3Connection.IsNotFound(failure))
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

    public void Dispose() => _bucket.Dispose();

    internal string FullKey(string key) => _bucket.Prefix + key;

    internal Exception Explain(Exception failure, string action, string key) =>
        _bucket.Explain(failure, action, FullKey(key));

    private ObjectNotFoundException NotFound(string key) => new(Location, key);

    private Task<T> CallAsync<T>(
        Func<StallGuard, Task<T>> operation, string action, string key, CancellationToken cancellationToken) =>
        _bucket.RunAsync(operation, action, FullKey(key), cancellationToken);

    private async Task<S3ObjectHead?> HeadAsync(string key, CancellationToken cancellationToken)
    {
        var request = new GetObjectMetadataRequest { BucketName = _bucket.Bucket, Key = FullKey(key) };
        try
        {
            var answer = await _bucket.Retry.RunAsync(guard => _bucket.Client.GetObjectMetadataAsync(request, guard.Token), cancellationToken);
            _bucket.BucketSeen = true;
            return S3ObjectHead.Of(answer);
        }
        catch (AmazonServiceException failure) when (failure.StatusCode == HttpStatusCode.NotFound)
        {
            if (!_bucket.BucketSeen)
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
        var read = new S3RangeRead(_bucket.Client, _bucket.Bucket, FullKey(key), 0, new byte[1]);
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
            BucketName = _bucket.Bucket,
            Prefix = FullKey(prefix),
            ContinuationToken = continuation,
            MaxKeys = most,
        };
        try
        {
            return await CallAsync(
                guard => _bucket.Client.ListObjectsV2Async(request, guard.Token), "s3:ListBucket", prefix, cancellationToken);
        }
        catch (AmazonServiceException failure)
        {
            throw new IOException($"{Location}: cannot list '{prefix}': {failure.Message}", failure);
        }
    }
}
