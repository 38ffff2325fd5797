using System.Net;
using System.Security.Cryptography;
using Amazon.Runtime;
using Amazon.S3;
using Amazon.S3.Model;
using KubectlMlopsBackup.Repository.Storage;

namespace KubectlMlopsBackup.S3Admin.Probing;

/// <summary>A place of its own below the repository's prefix, for objects that are tried with, and taken away again.</summary>
internal sealed class ProbeScope(BucketClient client)
{
    /// <summary>Not one of the repository's own folders: whatever stays behind is of no backup.</summary>
    private readonly string folder = $"{client.Wish.Prefix}mlopsbackup-probe/{Guid.NewGuid():n}/";

    public BucketClient Client => client;

    public string Folder => folder;

    public string Key(string name) => folder + name;

    /// <summary>With the very request that a backup sends.</summary>
    public Task<PutObjectResponse> PutAsync(string name, byte[] content, S3PutFeatures features, CancellationToken cancellationToken) =>
        PutAsync(name, content, SHA256.HashData(content), features, cancellationToken);

    /// <param name="sha256">What is said to be the content's.</param>
    public Task<PutObjectResponse> PutAsync(
        string name, byte[] content, byte[] sha256, S3PutFeatures features, CancellationToken cancellationToken) =>
        client.SendAsync(
            (s3, token) => s3.PutObjectAsync(
                S3PutRequests.Put(client.Connection, Key(name), new MemoryStream(content), content.Length, sha256, features), token),
            cancellationToken);

    /// <summary>Written however the store will have it.</summary>
    public Task<PutObjectResponse> PutPlainAsync(string name, byte[] content, CancellationToken cancellationToken) =>
        PutAsync(name, content, new S3PutFeatures(NoOverwrite: false, Checksum: false), cancellationToken);

    /// <returns>Null where there is none.</returns>
    public async Task<GetObjectMetadataResponse?> HeadAsync(string name, bool checksum, CancellationToken cancellationToken)
    {
        var request = new GetObjectMetadataRequest
        {
            BucketName = client.Bucket,
            Key = Key(name),
            ChecksumMode = checksum ? ChecksumMode.ENABLED : null,
        };
        return await client.FindAsync((s3, token) => s3.GetObjectMetadataAsync(request, token), cancellationToken);
    }

    /// <summary>What the store answered, in one line; null where it did what was asked.</summary>
    public static async Task<AmazonServiceException?> RefusalAsync(Func<Task> request)
    {
        try
        {
            await request();
            return null;
        }
        catch (AmazonServiceException e) when (e.StatusCode is >= HttpStatusCode.BadRequest and < HttpStatusCode.InternalServerError or HttpStatusCode.NotImplemented)
        {
            return e;
        }
    }

    public static string Line(AmazonServiceException answer) => $"{answer.ErrorCode} (HTTP {(int)answer.StatusCode})";

    /// <summary>Takes all of it away, versions too.</summary>
    /// <returns>Objects or versions that the store would not let go.</returns>
    public async Task<int> RemoveAsync(CancellationToken cancellationToken)
    {
        foreach (var key in await KeysAsync(cancellationToken))
        {
            await RefusalAsync(() => client.SendAsync((s3, token) => s3.DeleteObjectAsync(client.Bucket, key, token), cancellationToken));
        }

        List<(string Key, string Version)> versions;
        try
        {
            versions = await VersionsAsync(folder, cancellationToken);
        }
        catch (AmazonServiceException)
        {
            // No versions, or no right to see them: then nothing more can be done, and lifecycle rules do the rest.
            return (await KeysAsync(cancellationToken)).Count;
        }

        var kept = 0;
        foreach (var (key, version) in versions)
        {
            var refusal = await RefusalAsync(() => client.SendAsync((s3, token) => s3.DeleteObjectAsync(client.Bucket, key, version, token), cancellationToken));
            kept += refusal is null ? 0 : 1;
        }

        return kept;
    }

    public async Task<List<string>> KeysAsync(CancellationToken cancellationToken, int? page = null, string? below = null)
    {
        var keys = new List<string>();
        var request = new ListObjectsV2Request { BucketName = client.Bucket, Prefix = below ?? folder, MaxKeys = page };
        ListObjectsV2Response answer;
        do
        {
            answer = await client.SendAsync((s3, token) => s3.ListObjectsV2Async(request, token), cancellationToken);
            keys.AddRange((answer.S3Objects ?? []).Select(o => o.Key));
            request.ContinuationToken = answer.NextContinuationToken;
        }
        while (answer.IsTruncated == true && keys.Count < 10_000);

        return keys;
    }

    public async Task<List<(string Key, string Version)>> VersionsAsync(string prefix, CancellationToken cancellationToken)
    {
        var versions = new List<(string, string)>();
        var request = new ListVersionsRequest { BucketName = client.Bucket, Prefix = prefix };
        ListVersionsResponse answer;
        do
        {
            answer = await client.SendAsync((s3, token) => s3.ListVersionsAsync(request, token), cancellationToken);
            versions.AddRange((answer.Versions ?? []).Where(v => v.VersionId is not null).Select(v => (v.Key, v.VersionId)));
            request.KeyMarker = answer.NextKeyMarker;
            request.VersionIdMarker = answer.NextVersionIdMarker;
        }
        while (answer.IsTruncated == true);

        return versions;
    }
}
