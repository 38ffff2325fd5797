using System.Net;
using Amazon.Runtime;
using Amazon.S3.Model;

namespace KubectlMlopsBackup.S3Admin.Probing;

/// <summary>Objects in parts; and that an upload in parts, too, does not overwrite.</summary>
internal sealed class MultipartProbe : IStoreProbe
{
    /// <summary>S3's least size of a part that is not the last.</summary>
    private const int PartSize = 5 << 20;

    public string Ability => "uploads in parts";

    public bool Required => false;

    public string Without => "objects of up to 64 MiB go in one request, which packs do; restoring artifacts of more than 16 MiB into this store would fail";

    public async Task<ProbeResult> RunAsync(ProbeScope scope, CancellationToken cancellationToken)
    {
        if (await ProbeScope.RefusalAsync(() => UploadAsync(scope, once: false, cancellationToken)) is { } refused)
        {
            return new ProbeResult(false, ProbeScope.Line(refused));
        }

        var size = (await scope.HeadAsync("parts", checksum: false, cancellationToken))?.ContentLength;
        if (size != PartSize + 1)
        {
            return new ProbeResult(false, $"two parts of {PartSize} bytes and 1 byte made an object of {size?.ToString(System.Globalization.CultureInfo.InvariantCulture) ?? "no"} bytes");
        }

        return new ProbeResult(
            true,
            "two parts made one object; over an object that is there: "
            + (await ProbeScope.RefusalAsync(() => UploadAsync(scope, once: true, cancellationToken)) switch
            {
                null => "overwritten, If-None-Match is ignored",
                { StatusCode: HttpStatusCode.PreconditionFailed } => "refused",
                var other => ProbeScope.Line(other),
            }));
    }

    private static async Task UploadAsync(ProbeScope scope, bool once, CancellationToken cancellationToken)
    {
        var client = scope.Client;
        var start = new InitiateMultipartUploadRequest { BucketName = client.Bucket, Key = scope.Key("parts") };
        var upload = await client.SendAsync((s3, token) => s3.InitiateMultipartUploadAsync(start, token), cancellationToken);
        try
        {
            var parts = new List<PartETag>();
            foreach (var size in new[] { PartSize, 1 })
            {
                var number = parts.Count + 1;
                var answer = await client.SendAsync(
                    (s3, token) => s3.UploadPartAsync(
                        new UploadPartRequest
                        {
                            BucketName = client.Bucket,
                            Key = start.Key,
                            UploadId = upload.UploadId,
                            PartNumber = number,
                            PartSize = size,
                            InputStream = new MemoryStream(new byte[size]),
                            UseChunkEncoding = false,
                        },
                        token),
                    cancellationToken);
                parts.Add(new PartETag(number, answer.ETag));
            }

            var complete = new CompleteMultipartUploadRequest
            {
                BucketName = client.Bucket,
                Key = start.Key,
                UploadId = upload.UploadId,
                PartETags = parts,
                IfNoneMatch = once ? "*" : null,
            };
            await client.SendAsync((s3, token) => s3.CompleteMultipartUploadAsync(complete, token), cancellationToken);
        }
        catch (AmazonServiceException)
        {
            var abort = new AbortMultipartUploadRequest { BucketName = client.Bucket, Key = start.Key, UploadId = upload.UploadId };
            await ProbeScope.RefusalAsync(() => client.SendAsync((s3, token) => s3.AbortMultipartUploadAsync(abort, token), cancellationToken));
            throw;
        }
    }
}
