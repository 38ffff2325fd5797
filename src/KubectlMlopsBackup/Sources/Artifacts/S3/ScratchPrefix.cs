using Amazon.S3;
using Amazon.S3.Model;
using KubectlMlopsBackup.Repository.Storage;
using KubectlMlopsBackup.Sources.Artifacts.Backup;

namespace KubectlMlopsBackup.Sources.Artifacts.S3;

/// <summary>The place in a bucket that drills put artifacts into: a folder for each drill. Nothing else may lie there.</summary>
/// <param name="settings">Of all of it. Its prefix is never empty.</param>
internal sealed class ScratchPrefix(S3StoreSettings settings, TimeProvider clock)
{
    /// <summary>Letters and digits of a drill's id, which names its folder.</summary>
    public const int IdLength = 8;

    /// <summary>S3's own limit for one request.</summary>
    private const int MostAtOnce = 1000;

    /// <summary>What an interrupted drill has left; one that was kept to look around stays so long, too.</summary>
    private static readonly TimeSpan Leftover = TimeSpan.FromDays(7);

    public static bool IsId(string text) => text.Length == IdLength && text.All(c => char.IsAsciiLetterLower(c) || char.IsAsciiDigit(c));

    /// <summary>Deletes the artifacts of one drill, and those that earlier ones have left a week ago or longer.</summary>
    /// <returns>How many objects were deleted.</returns>
    /// <exception cref="UserError">The bucket cannot be used.</exception>
    /// <exception cref="IOException">Something could not be deleted.</exception>
    public async Task<long> ClearAsync(string drill, CancellationToken cancellationToken)
    {
        if (settings.Prefix.Trim('/').Length == 0 || !IsId(drill))
        {
            throw new ArgumentException("neither a whole bucket nor a folder of no drill is deleted", nameof(drill));
        }

        using var bucket = new S3Connection(settings, clock);
        var old = clock.GetUtcNow() - Leftover;
        var batch = new List<string>();
        long deleted = 0;
        await foreach (var there in S3Listing.RunAsync(bucket, cancellationToken))
        {
            var path = there.Path.AsSpan();
            var slash = path.IndexOf((byte)'/');
            if (slash != IdLength || System.Text.Encoding.UTF8.GetString(path[..slash]) is var folder && !IsId(folder)
                || (folder != drill && there.Modified > old)
                || S3Key.Of(bucket, there.Path, out _) is not { } key)
            {
                continue;
            }

            batch.Add(key);
            if (batch.Count == MostAtOnce)
            {
                deleted += await DeleteAsync(bucket, batch, cancellationToken);
            }
        }

        return deleted + await DeleteAsync(bucket, batch, cancellationToken);
    }

    private static async Task<int> DeleteAsync(S3Connection bucket, List<string> keys, CancellationToken cancellationToken)
    {
        if (keys.Count == 0)
        {
            return 0;
        }

        var failed = new List<DeleteError>();
        // The request for many is XML, which cannot hold control characters.
        foreach (var key in keys.Where(k => k.Any(char.IsControl)))
        {
            await bucket.RunAsync(guard => bucket.Client.DeleteObjectAsync(bucket.Bucket, key, guard.Token), "s3:DeleteObject", key, cancellationToken);
        }

        var request = new DeleteObjectsRequest
        {
            BucketName = bucket.Bucket,
            Objects = [.. keys.Where(k => !k.Any(char.IsControl)).Select(k => new KeyVersion { Key = k })],
            Quiet = true,
        };
        if (request.Objects.Count > 0)
        {
            failed = await bucket.RunAsync(
                async guard =>
                {
                    try
                    {
                        return (await bucket.Client.DeleteObjectsAsync(request, guard.Token)).DeleteErrors ?? [];
                    }
                    catch (DeleteObjectsException e)
                    {
                        return e.Response.DeleteErrors;
                    }
                },
                "s3:DeleteObject",
                bucket.Prefix,
                cancellationToken);
        }

        if (failed.Count > 0)
        {
            throw new IOException($"{failed.Count} objects below {bucket.Settings} could not be deleted, such as {failed[0].Key}: {failed[0].Code} {failed[0].Message}");
        }

        var count = keys.Count;
        keys.Clear();
        return count;
    }
}
