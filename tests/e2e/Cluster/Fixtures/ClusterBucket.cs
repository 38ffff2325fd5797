using Amazon.S3.Model;
using KubectlMlopsBackup.EndToEndTests.Fixtures;

namespace KubectlMlopsBackup.EndToEndTests.Cluster.Fixtures;

/// <summary>A bucket of a real S3 server that pods of the cluster reach as well as this machine does, at the same address.</summary>
internal sealed class ClusterBucket : IAsyncDisposable
{
    private readonly TestBucket bucket;
    private readonly TcpCut door;

    private ClusterBucket(TestBucket bucket, TcpCut door)
    {
        this.bucket = bucket;
        this.door = door;
    }

    public string Name => bucket.Name;

    public Uri Endpoint => new($"http://{ClusterFixture.HostAddress}:{door.Port}");

    /// <summary>Skips the test where there is no server, or pods do not reach this machine.</summary>
    public static async Task<ClusterBucket> CreateAsync()
    {
        var at = ClusterFixture.HostAddress;
        var bucket = await TestBucket.CreateAsync(TestContext.Current.CancellationToken);
        return new ClusterBucket(bucket, new TcpCut(bucket.Server.Endpoint, at));
    }

    /// <summary>The Secret with the store's keys, under the name that <see cref="Repository"/> uses.</summary>
    public Task GiveKeysAsync(TestNamespace ns) => ns.ApplyAsync(
        $$"""
        apiVersion: v1
        kind: Secret
        metadata: {name: s3-keys}
        stringData: {id: "{{bucket.Server.AccessKey}}", secret: "{{bucket.Server.SecretKey}}"}
        """);

    /// <summary>A repository for a plan, under the name offsite: one item of its list.</summary>
    public string Repository(string prefix) =>
        $"    - name: offsite\n      s3: {{bucket: {Name}, prefix: {prefix}, endpoint: \"{Endpoint}\", credentials: {{secret: {{name: s3-keys, accessKeyIdKey: id, secretAccessKeyKey: secret}}}}}}\n";

    public Task PutAsync(string key, string text) => bucket.Client.PutObjectAsync(
        new PutObjectRequest { BucketName = Name, Key = key, ContentBody = text }, TestContext.Current.CancellationToken);

    /// <summary>Each key below a prefix, with its content's tag.</summary>
    public async Task<string> ListAsync(string prefix) => string.Join('\n', ((await bucket.Client.ListObjectsV2Async(
        new ListObjectsV2Request { BucketName = Name, Prefix = prefix }, TestContext.Current.CancellationToken)).S3Objects ?? []).Select(o => $"{o.Key} {o.ETag} {o.LastModified:o}"));

    /// <summary>For who reads the bucket from this machine.</summary>
    public Dictionary<string, string> Credentials() => new()
    {
        ["AWS_ACCESS_KEY_ID"] = bucket.Server.AccessKey,
        ["AWS_SECRET_ACCESS_KEY"] = bucket.Server.SecretKey,
    };

    public async ValueTask DisposeAsync()
    {
        await door.DisposeAsync();
        await bucket.DisposeAsync();
    }
}
