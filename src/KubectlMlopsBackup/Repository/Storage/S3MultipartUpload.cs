using Amazon.S3.Model;

namespace KubectlMlopsBackup.Repository.Storage;

/// <summary>A large object that is in memory as a whole, in parts.</summary>
internal sealed class S3MultipartUpload(S3Connection bucket, S3PutFeatures features)
{
    /// <summary>At most 10,000 parts: enough for 312 GiB.</summary>
    private const long PartSize = 32 * 1024 * 1024;

    /// <exception cref="IOException">The content does not have that hash.</exception>
    public async Task RunAsync(
        string fullKey, SegmentBuffer content, ReadOnlyMemory<byte> sha256, CancellationToken cancellationToken)
    {
        // The store checks the parts; that the parts are the whole is checked here.
        if (!content.Hash(0, content.Length).AsSpan().SequenceEqual(sha256.Span))
        {
            throw new IOException($"{fullKey} does not have the SHA-256 that was announced: it was damaged in memory, and nothing was stored");
        }

        var upload = await S3PartUpload.StartAsync(
            bucket, S3PutRequests.Start(bucket, fullKey, features), features, cancellationToken);
        try
        {
            var parts = new PartETag[(content.Length + PartSize - 1) / PartSize];
            await Parallel.ForEachAsync(
                Enumerable.Range(0, parts.Length),
                new ParallelOptions { MaxDegreeOfParallelism = bucket.Settings.Parallelism, CancellationToken = cancellationToken },
                async (index, token) =>
                {
                    var start = index * PartSize;
                    var length = Math.Min(PartSize, content.Length - start);
                    parts[index] = await upload.PutAsync(index + 1, content, start, length, token);
                });
            await upload.CompleteAsync(parts, found => found.ContentLength == content.Length, cancellationToken);
        }
        catch
        {
            await upload.AbortAsync();
            throw;
        }
    }
}
