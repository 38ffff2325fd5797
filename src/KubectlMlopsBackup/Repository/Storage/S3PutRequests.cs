using Amazon.S3;
using Amazon.S3.Model;

namespace KubectlMlopsBackup.Repository.Storage;

/// <summary>Requests that write, with the settings' encryption and storage class.</summary>
internal static class S3PutRequests
{
    /// <param name="bucket">The settings.</param>
    /// <param name="fullKey">In the bucket.</param>
    /// <param name="body">Of <paramref name="length"/> bytes; left open.</param>
    /// <param name="length">In bytes.</param>
    /// <param name="sha256">Of the body.</param>
    /// <param name="features">What the store understands.</param>
    public static PutObjectRequest Put(
        S3Connection bucket, string fullKey, Stream body, long length, ReadOnlyMemory<byte> sha256, S3PutFeatures features)
    {
        var settings = bucket.Settings;
        var request = new PutObjectRequest
        {
            BucketName = settings.Bucket,
            Key = fullKey,
            InputStream = body,
            AutoCloseStream = false,
            UseChunkEncoding = false,
            // Over AWS' own TLS the checksum header alone vouches for the body. Elsewhere the body's hash is signed too:
            // stores that ignore the checksum check that one.
            DisablePayloadSigning = features.Checksum && settings.Endpoint is null,
            IfNoneMatch = features.NoOverwrite ? "*" : null,
            ChecksumSHA256 = features.Checksum ? Convert.ToBase64String(sha256.Span) : null,
            // Ceph looks at the checksum only where the algorithm is named as well.
            ChecksumAlgorithm = features.Checksum ? ChecksumAlgorithm.SHA256 : null,
            ContentType = "application/octet-stream",
            ServerSideEncryptionMethod = S3Values.Encryption(settings),
            ServerSideEncryptionKeyManagementServiceKeyId = S3Values.KmsKeyId(settings),
            BucketKeyEnabled = S3Values.BucketKey(settings),
            StorageClass = S3Values.StorageClass(settings),
        };
        request.Headers.ContentLength = length;
        return request;
    }

    public static InitiateMultipartUploadRequest Start(S3Connection bucket, string fullKey, S3PutFeatures features)
    {
        var settings = bucket.Settings;
        return new InitiateMultipartUploadRequest
        {
            BucketName = settings.Bucket,
            Key = fullKey,
            ChecksumAlgorithm = features.Checksum ? ChecksumAlgorithm.SHA256 : null,
            ServerSideEncryptionMethod = S3Values.Encryption(settings),
            ServerSideEncryptionKeyManagementServiceKeyId = S3Values.KmsKeyId(settings),
            BucketKeyEnabled = S3Values.BucketKey(settings),
            StorageClass = S3Values.StorageClass(settings),
        };
    }
}
