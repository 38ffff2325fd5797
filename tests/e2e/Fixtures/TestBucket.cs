using Amazon.S3;
using Amazon.S3.Model;
using KubectlMlopsBackup.Repository.Storage;

namespace KubectlMlopsBackup.EndToEndTests.Fixtures;

/// <summary>A fresh bucket, emptied and removed at the end.</summary>
internal sealed class TestBucket : IAsyncDisposable
{
    private TestBucket(S3Server server, string name)
    {
        Server = server;
        Name = name;
        Client = server.Client();
    }

    public S3Server Server { get; }

    public string Name { get; }

    public AmazonS3Client Client { get; }

    public S3StoreSettings Settings => Server.Settings(Name);

    /// <summary>Skips the test where there is no server.</summary>
    public static async Task<TestBucket> CreateAsync(CancellationToken cancellationToken)
    {
        var bucket = new TestBucket(S3Server.Require(), $"test-{Guid.NewGuid():n}");
        await bucket.Client.PutBucketAsync(bucket.Name, cancellationToken);
        return bucket;
    }

    public async ValueTask DisposeAsync()
    {
        var versions = new ListVersionsRequest { BucketName = Name };
        for (var more = true; more;)
        {
            var page = await Client.ListVersionsAsync(versions);
            await Parallel.ForEachAsync(
                page.Versions ?? [],
                async (version, token) => await Client.DeleteObjectAsync(Name, version.Key, version.VersionId, token));
            more = page.IsTruncated == true;
            versions.KeyMarker = page.NextKeyMarker;
            versions.VersionIdMarker = page.NextVersionIdMarker;
        }

        await Client.DeleteBucketAsync(Name);
        Client.Dispose();
    }
}
