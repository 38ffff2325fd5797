using System.Runtime.CompilerServices;
using System.Text;
using Amazon.Runtime;
using Amazon.S3;
using Amazon.S3.Model;
using KubectlMlopsBackup.Repository.Storage;
using KubectlMlopsBackup.Repository.Trees;

namespace KubectlMlopsBackup.Sources.Artifacts.S3;

/// <summary>What lies below the prefix, in the order of a tree, which is the order that S3 promises.</summary>
internal static class S3Listing
{
    /// <exception cref="UserError">No such bucket, it may not be listed, or the store lists in another order.</exception>
    public static async IAsyncEnumerable<S3ListedObject> RunAsync(
        S3Connection bucket, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        byte[]? last = null;
        var page = PageAsync(bucket, null, null, cancellationToken);
        while (true)
        {
            var answer = await page;
            var continuation = answer.IsTruncated == true ? answer.NextContinuationToken : null;
            // The next page comes while this one is worked on.
            page = continuation is null ? page : PageAsync(bucket, continuation, null, cancellationToken);
            foreach (var found in answer.S3Objects ?? [])
            {
                var listed = Listed(bucket, found, answer.Encoding == EncodingType.Url);
                if (last is not null && last.AsSpan().SequenceCompareTo(listed.Path) >= 0)
                {
                    throw new UserError(
                        $"{bucket.Settings}: the store lists {TreePath.Escape(listed.Path)} after {TreePath.Escape(last)}, not in the order of the keys' bytes",
                        "use a store (or a kind of bucket) that lists in the order of S3's general purpose buckets");
                }

                last = listed.Path;
                yield return listed;
            }

            if (continuation is null)
            {
                yield break;
            }
        }
    }

    /// <summary>Whether nothing lies below the prefix.</summary>
    public static async Task<bool> IsEmptyAsync(S3Connection bucket, CancellationToken cancellationToken)
    {
        var page = await PageAsync(bucket, null, 1, cancellationToken);
        return page.S3Objects is not { Count: > 0 };
    }

    private static async Task<ListObjectsV2Response> PageAsync(
        S3Connection bucket, string? continuation, int? most, CancellationToken cancellationToken)
    {
        var request = new ListObjectsV2Request
        {
            BucketName = bucket.Bucket,
            Prefix = bucket.Prefix,
            ContinuationToken = continuation,
            Encoding = EncodingType.Url,
            MaxKeys = most,
        };
        try
        {
            return await bucket.RunAsync(
                guard => bucket.Client.ListObjectsV2Async(request, guard.Token), "s3:ListBucket", bucket.Prefix, cancellationToken);
        }
        catch (AmazonServiceException failure)
        {
            throw new IOException($"{bucket.Settings} cannot be listed: {failure.Message}", failure);
        }
    }

    private static S3ListedObject Listed(S3Connection bucket, S3Object found, bool encoded)
    {
        var key = encoded ? S3Key.Decode(found.Key) : Encoding.UTF8.GetBytes(found.Key);
        return new S3ListedObject(
            key[Encoding.UTF8.GetByteCount(bucket.Prefix)..],
            found.Size ?? 0,
            S3Tag.Of(found.ETag),
            found.LastModified is { } modified ? new DateTimeOffset(modified.ToUniversalTime()) : DateTimeOffset.UnixEpoch);
    }
}
