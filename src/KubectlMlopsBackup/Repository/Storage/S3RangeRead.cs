using System.Globalization;
using System.Net;
using Amazon.Runtime;
using Amazon.S3;
using Amazon.S3.Model;

namespace KubectlMlopsBackup.Repository.Storage;

/// <summary>One read of a range into the caller's buffer. A try goes on where the one before broke off.</summary>
internal sealed class S3RangeRead(IAmazonS3 client, string bucket, string fullKey, long offset, Memory<byte> buffer)
{
    private int _done;

    /// <summary>Of the whole object in bytes, where the store said it.</summary>
    public long? ObjectSize { get; private set; }

    /// <returns>Bytes in the buffer.</returns>
    public async Task<int> TryAsync(StallGuard guard)
    {
        if (_done == buffer.Length)
        {
            return _done;
        }

        var request = new GetObjectRequest
        {
            BucketName = bucket,
            Key = fullKey,
            ByteRange = new ByteRange(offset + _done, offset + buffer.Length - 1),
        };
        try
        {
            using var answer = await client.GetObjectAsync(request, guard.Token);
            guard.Progress();
            if (answer.HttpStatusCode != HttpStatusCode.PartialContent && offset + _done > 0)
            {
                throw new UserError(
                    $"s3://{bucket}: the store ignores Range, and sends the whole of {fullKey}",
                    "a repository needs a store (and proxies before it) that honours Range requests");
            }

            ObjectSize = TotalOf(answer.ContentRange) ?? answer.ContentLength;
            await FillAsync(answer, guard);
        }
        catch (AmazonServiceException failure) when (failure.StatusCode == HttpStatusCode.RequestedRangeNotSatisfiable)
        {
            // The object ends before.
        }

        return _done;
    }

    private async Task FillAsync(GetObjectResponse answer, StallGuard guard)
    {
        var end = _done + (int)Math.Min(answer.ContentLength, buffer.Length - _done);
        while (_done < end)
        {
            var count = await answer.ResponseStream.ReadAsync(buffer[_done..end], guard.Token);
            if (count == 0)
            {
                throw new EndOfStreamException($"the answer ended {end - _done} bytes early");
            }

            _done += count;
            guard.Progress();
        }
    }

    /// <summary>The number behind the slash in <c>bytes 0-9/100</c>.</summary>
    private static long? TotalOf(string? contentRange) =>
        contentRange is not null
        && long.TryParse(contentRange.AsSpan(contentRange.LastIndexOf('/') + 1), CultureInfo.InvariantCulture, out var total)
            ? total
            : null;
}
