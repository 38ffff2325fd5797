using System.Net;
using System.Security.Cryptography;
using Amazon.Runtime;
using Amazon.S3;
using Amazon.S3.Model;

namespace KubectlMlopsBackup.Repository.Storage;

/// <summary>A large object in parts. Nothing is visible before the last request.</summary>
internal sealed class S3MultipartUpload(IAmazonS3 client, S3StoreSettings settings, S3Retry retry, S3PutFeatures features)
{
    /// <summary>At most 10,000 parts: enough for 312 GiB.</summary>
    private const long PartSize = 32 * 1024 * 1024;

    private static readonly TimeSpan AbortWithin = TimeSpan.FromSeconds(30);

    /// <exception cref="IOException">The content does not have that hash.</exception>
    public async Task RunAsync(
        string fullKey, SegmentBuffer content, ReadOnlyMemory<byte> sha256, CancellationToken cancellationToken)
    {
        // The store checks the parts; that the parts are the whole is checked here.
        Check(fullKey, content, sha256);
        var start = new InitiateMultipartUploadRequest
        {
            BucketName = settings.Bucket,
            Key = fullKey,
            ChecksumAlgorithm = features.Checksum ? ChecksumAlgorithm.SHA256 : null,
            ServerSideEncryptionMethod = S3Values.Encryption(settings),
            ServerSideEncryptionKeyManagementServiceKeyId = S3Values.KmsKeyId(settings),
            BucketKeyEnabled = S3Values.BucketKey(settings),
            StorageClass = S3Values.StorageClass(settings),
        };
        var upload = await retry.RunAsync(guard => client.InitiateMultipartUploadAsync(start, guard.Token), cancellationToken);
        try
        {
            var parts = new PartETag[(content.Length + PartSize - 1) / PartSize];
            await Parallel.ForEachAsync(
                Enumerable.Range(0, parts.Length),
                new ParallelOptions { MaxDegreeOfParallelism = settings.Parallelism, CancellationToken = cancellationToken },
                async (index, token) => parts[index] = await PutPartAsync(fullKey, upload.UploadId, content, index, token));
            await CompleteAsync(fullKey, upload.UploadId, content.Length, parts, cancellationToken);
        }
        catch
        {
            await AbortAsync(fullKey, upload.UploadId);
            throw;
        }
    }

    private static void Check(string fullKey, SegmentBuffer content, ReadOnlyMemory<byte> sha256)
    {
        if (!Hash(content, 0, content.Length).AsSpan().SequenceEqual(sha256.Span))
        {
            throw new IOException($"{fullKey} does not have the SHA-256 that was announced: it was damaged in memory, and nothing was stored");
        }
    }

    private static byte[] Hash(SegmentBuffer content, long start, long length)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        for (var end = start + length; start < end;)
        {
            var slice = content.Slice(start);
            var count = (int)Math.Min(slice.Length, end - start);
            hash.AppendData(slice.Span[..count]);
            start += count;
        }

        return hash.GetHashAndReset();
    }

    private async Task<PartETag> PutPartAsync(
        string fullKey, string uploadId, SegmentBuffer content, int index, CancellationToken cancellationToken)
    {
        var start = index * PartSize;
        var length = Math.Min(PartSize, content.Length - start);
        var checksum = features.Checksum ? Convert.ToBase64String(Hash(content, start, length)) : null;
        var answer = await retry.RunAsync(
            async guard =>
            {
                await using var body = new SegmentStream(content, start, length, guard.Progress);
                var request = new UploadPartRequest
                {
                    BucketName = settings.Bucket,
                    Key = fullKey,
                    UploadId = uploadId,
                    PartNumber = index + 1,
                    PartSize = length,
                    InputStream = body,
                    UseChunkEncoding = false,
                    ChecksumSHA256 = checksum,
                    ChecksumAlgorithm = checksum is null ? null : ChecksumAlgorithm.SHA256,
                };
                return await client.UploadPartAsync(request, guard.Token);
            },
            cancellationToken);
        return new PartETag(index + 1, answer.ETag) { ChecksumSHA256 = checksum };
    }

    private async Task CompleteAsync(
        string fullKey, string uploadId, long size, PartETag[] parts, CancellationToken cancellationToken)
    {
        var request = new CompleteMultipartUploadRequest
        {
            BucketName = settings.Bucket,
            Key = fullKey,
            UploadId = uploadId,
            PartETags = [.. parts],
            IfNoneMatch = features.NoOverwrite ? "*" : null,
        };
        try
        {
            await retry.RunAsync(guard => client.CompleteMultipartUploadAsync(request, guard.Token), cancellationToken);
        }
        catch (AmazonServiceException failure) when (failure.ErrorCode == "NoSuchUpload")
        {
            // An earlier try may have completed it though its answer did not arrive.
            var head = new GetObjectMetadataRequest { BucketName = settings.Bucket, Key = fullKey };
            try
            {
                var found = await retry.RunAsync(guard => client.GetObjectMetadataAsync(head, guard.Token), cancellationToken);
                if (found.ContentLength == size)
                {
                    return;
                }
            }
            catch (AmazonServiceException missing) when (missing.StatusCode == HttpStatusCode.NotFound)
            {
            }

            throw;
        }
    }

    /// <summary>Parts that stay behind cost money until a lifecycle rule removes them.</summary>
    private async Task AbortAsync(string fullKey, string uploadId)
    {
        using var limit = new CancellationTokenSource(AbortWithin);
        var request = new AbortMultipartUploadRequest { BucketName = settings.Bucket, Key = fullKey, UploadId = uploadId };
        try
        {
            await client.AbortMultipartUploadAsync(request, limit.Token);
        }
        catch (Exception failure) when (failure is AmazonClientException or HttpRequestException or IOException or OperationCanceledException)
        {
            // The first failure is the one to tell.
        }
    }
}
