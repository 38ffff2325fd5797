using Amazon.S3;
using Amazon.S3.Model;
using KubectlMlopsBackup.Repository.Storage;

namespace KubectlMlopsBackup.Sources.Artifacts.S3;

/// <summary>Deletes objects, many with one request.</summary>
internal static class S3Deletion
{
    /// <summary>S3's own limit for one request.</summary>
    public const int MostAtOnce = 1000;

    /// <summary>The request for many is XML, which cannot hold control characters: such a key wants a request of its own.</summary>
    public static bool IsForMany(string key) => !key.Any(char.IsControl);

    /// <param name="keys">At least one, at most <see cref="MostAtOnce"/>; all <see cref="IsForMany"/>.</param>
    /// <returns>Those that could not be deleted.</returns>
    public static Task<List<DeleteError>> ManyAsync(S3Connection bucket, IEnumerable<string> keys, CancellationToken cancellationToken)
    {
        var request = new DeleteObjectsRequest
        {
            BucketName = bucket.Bucket,
            Objects = [.. keys.Select(k => new KeyVersion { Key = k })],
            Quiet = true,
        };
        return bucket.RunAsync(
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

    public static Task OneAsync(S3Connection bucket, string key, CancellationToken cancellationToken) =>
        bucket.RunAsync(guard => bucket.Client.DeleteObjectAsync(bucket.Bucket, key, guard.Token), "s3:DeleteObject", key, cancellationToken);
}
