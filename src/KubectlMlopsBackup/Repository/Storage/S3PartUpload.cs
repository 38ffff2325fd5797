using Amazon.Runtime;
using Amazon.S3;
using Amazon.S3.Model;

namespace KubectlMlopsBackup.Repository.Storage;

/// <summary>The requests of one upload in parts. Nothing is visible before the last of them.</summary>
internal sealed class S3PartUpload
{
    /// <summary>S3's own limit.</summary>
    public const int MostParts = 10_000;

    private static readonly TimeSpan AbortWithin = TimeSpan.FromSeconds(30);

    private readonly S3Connection bucket;
    private readonly string fullKey;
    private readonly string uploadId;
    private readonly S3PutFeatures features;

    private S3PartUpload(S3Connection bucket, string fullKey, string uploadId, S3PutFeatures features)
    {
        this.bucket = bucket;
        this.fullKey = fullKey;
        this.uploadId = uploadId;
        this.features = features;
    }

    public static async Task<S3PartUpload> StartAsync(
        S3Connection bucket, InitiateMultipartUploadRequest start, S3PutFeatures features, CancellationToken cancellationToken)
    {
        var upload = await bucket.Retry.RunAsync(
            guard => bucket.Client.InitiateMultipartUploadAsync(start, guard.Token), cancellationToken);
        return new S3PartUpload(bucket, start.Key, upload.UploadId, features);
    }

    /// <param name="number">From 1.</param>
    /// <param name="content">What the part is a piece of.</param>
    /// <param name="start">Of the part in it.</param>
    /// <param name="length">In bytes.</param>
    /// <param name="cancellationToken">Stops it.</param>
    public async Task<PartETag> PutAsync(
        int number, SegmentBuffer content, long start, long length, CancellationToken cancellationToken)
    {
        var checksum = features.Checksum ? Convert.ToBase64String(content.Hash(start, length)) : null;
        var answer = await bucket.Retry.RunAsync(
            async guard =>
            {
                await using var body = new SegmentStream(content, start, length, guard.Progress);
                var request = new UploadPartRequest
                {
                    BucketName = bucket.Bucket,
                    Key = fullKey,
                    UploadId = uploadId,
                    PartNumber = number,
                    PartSize = length,
                    InputStream = body,
                    UseChunkEncoding = false,
                    ChecksumSHA256 = checksum,
                    ChecksumAlgorithm = checksum is null ? null : ChecksumAlgorithm.SHA256,
                };
                return await bucket.Client.UploadPartAsync(request, guard.Token);
            },
            cancellationToken);
        return new PartETag(number, answer.ETag) { ChecksumSHA256 = checksum };
    }

    /// <param name="parts">All of them, in order.</param>
    /// <param name="isIt">Whether an object that is there is this upload's: an earlier try may have completed it though its answer did not arrive.</param>
    /// <param name="cancellationToken">Stops it.</param>
    public async Task CompleteAsync(
        IEnumerable<PartETag> parts, Func<GetObjectMetadataResponse, bool> isIt, CancellationToken cancellationToken)
    {
        var request = new CompleteMultipartUploadRequest
        {
            BucketName = bucket.Bucket,
            Key = fullKey,
            UploadId = uploadId,
            PartETags = [.. parts],
            IfNoneMatch = features.NoOverwrite ? "*" : null,
        };
        try
        {
            await bucket.Retry.RunAsync(guard => bucket.Client.CompleteMultipartUploadAsync(request, guard.Token), cancellationToken);
        }
        catch (AmazonServiceException failure) when (failure.ErrorCode == "NoSuchUpload")
        {
            if (!await IsThereAsync(isIt, cancellationToken))
            {
                throw;
            }
        }
    }

    /// <summary>Parts that stay behind cost money until a lifecycle rule removes them. Does not throw.</summary>
    public async Task AbortAsync()
    {
        using var limit = new CancellationTokenSource(AbortWithin);
        var request = new AbortMultipartUploadRequest { BucketName = bucket.Bucket, Key = fullKey, UploadId = uploadId };
        try
        {
            await bucket.Retry.RunAsync(guard => bucket.Client.AbortMultipartUploadAsync(request, guard.Token), limit.Token);
        }
        catch (Exception failure) when (failure is AmazonServiceException or AmazonClientException or HttpRequestException
            or IOException or TimeoutException or OperationCanceledException)
        {
            // The first failure is the one to tell.
        }
    }

    private async Task<bool> IsThereAsync(Func<GetObjectMetadataResponse, bool> isIt, CancellationToken cancellationToken)
    {
        var head = new GetObjectMetadataRequest { BucketName = bucket.Bucket, Key = fullKey };
        try
        {
            return isIt(await bucket.Retry.RunAsync(
                guard => bucket.Client.GetObjectMetadataAsync(head, guard.Token), cancellationToken));
        }
        catch (AmazonServiceException failure) when (S3Connection.IsNotFound(failure))
        {
            return false;
        }
    }
}
