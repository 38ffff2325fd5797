using System.Collections.Concurrent;
using System.Text;
using Amazon.S3.Model;
using KubectlMlopsBackup.EndToEndTests.Fixtures;
using KubectlMlopsBackup.Repository;
using KubectlMlopsBackup.Repository.Index;
using KubectlMlopsBackup.Repository.Reading;
using KubectlMlopsBackup.Repository.Snapshots;
using KubectlMlopsBackup.Repository.Storage;
using KubectlMlopsBackup.Repository.Writing;
using KubectlMlopsBackup.Sources.Artifacts;
using KubectlMlopsBackup.Sources.Artifacts.Backup;
using KubectlMlopsBackup.Sources.Artifacts.Restore;
using KubectlMlopsBackup.Sources.Artifacts.S3;

namespace KubectlMlopsBackup.EndToEndTests.Artifacts;

/// <summary>A bucket with artifacts, a repository in a folder, and what a test does with them.</summary>
internal sealed class S3ArtifactWorld : IAsyncDisposable
{
    public const string SourcePrefix = "mlflow/prod";

    /// <summary>Bytes; more than goes in one request.</summary>
    public const int Large = 20 << 20;

    private readonly string folder = Directory.CreateTempSubdirectory("mlopsbackup-test-").FullName;

    private S3ArtifactWorld(TestBucket bucket) => Bucket = bucket;

    public TestBucket Bucket { get; }

    public BackupRepository Repository { get; private set; } = null!;

    public string Folder => Path.Combine(folder, "artifacts");

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    /// <summary>Skips the test where there is no server.</summary>
    public static async Task<S3ArtifactWorld> CreateAsync()
    {
        var world = new S3ArtifactWorld(await TestBucket.CreateAsync(Token));
        Directory.CreateDirectory(world.Folder);
        world.Repository = await BackupRepository.CreateAsync(
            new DirectoryStore(Path.Combine(world.folder, "repository")), null, null, TimeProvider.System, Token);
        return world;
    }

    public static byte[] Bytes(int length, int seed)
    {
        var bytes = new byte[length];
        new Random(seed).NextBytes(bytes);
        return bytes;
    }

    public S3StoreSettings Settings(string prefix, Uri? endpoint = null) => Bucket.Settings with
    {
        Prefix = prefix,
        Endpoint = endpoint ?? Bucket.Server.Endpoint,
        Parallelism = 16,
    };

    public async Task PutAsync(string path, byte[] content, string prefix = SourcePrefix) => await Bucket.Client.PutObjectAsync(
        new PutObjectRequest
        {
            BucketName = Bucket.Name,
            Key = $"{prefix}/{path}",
            InputStream = new MemoryStream(content),
            UseChunkEncoding = false,
        },
        Token);

    /// <summary>For callbacks that cannot wait.</summary>
    public void Put(string path, byte[] content) => PutAsync(path, content).GetAwaiter().GetResult();

    public Task PutAllAsync(IEnumerable<string> paths, Func<string, byte[]> content) => Parallel.ForEachAsync(
        paths,
        new ParallelOptions { MaxDegreeOfParallelism = 16, CancellationToken = Token },
        async (path, _) => await PutAsync(path, content(path)));

    /// <summary>Small objects of 0 to some KB, and large ones.</summary>
    public async Task FillAsync(int small, int large)
    {
        await PutAllAsync(
            Enumerable.Range(0, small).Select(i => $"runs/{i:d4}/params.json"),
            path => Bytes(int.Parse(path.AsSpan(5, 4)) * 37, int.Parse(path.AsSpan(5, 4))));
        for (var i = 0; i < large; i++)
        {
            await PutAsync($"models/{i}", Bytes(Large + i, 1_000_000 + i));
        }
    }

    public Task DeleteAsync(string path, string prefix = SourcePrefix) =>
        Bucket.Client.DeleteObjectAsync(Bucket.Name, $"{prefix}/{path}", Token);

    public IArtifactSource Source(Uri? endpoint = null, PathFilter? filter = null) =>
        new S3Source(Settings(SourcePrefix, endpoint), filter ?? PathFilter.Everything, TimeProvider.System);

    public async Task<Snapshot> BackUpAsync(IArtifactSource? from = null)
    {
        using var source = from ?? Source();
        var options = new ArtifactBackupOptions { Plan = "test", Readers = ArtifactBackupOptions.ReadersFor(source) };
        var result = await new ArtifactBackup(Repository, source, options, new BackupCounters())
            .RunAsync(WriterOptions.Default, Token);
        return result.Snapshot;
    }

    public async Task<RestoreReport> RestoreAsync(Snapshot snapshot, IArtifactTarget target, RestoreOptions? options = null)
    {
        using var disposed = target;
        var loaded = await IndexLoader.LoadAsync(Repository, Token);
        using var reader = new ChunkReader(Repository, loaded.Index);
        return await target.RestoreAsync(reader, snapshot, options ?? new RestoreOptions(), new RestoreCounters(), Token);
    }

    public Task<RestoreReport> RestoreAsync(
        Snapshot snapshot, string prefix, RestoreOptions? options = null, Uri? endpoint = null) =>
        RestoreAsync(snapshot, new S3Target(Settings(prefix, endpoint), TimeProvider.System), options);

    /// <summary>Every object below a prefix, with its content.</summary>
    public async Task<SortedDictionary<string, byte[]>> ContentAsync(string prefix = SourcePrefix)
    {
        var keys = new List<string>();
        var request = new ListObjectsV2Request { BucketName = Bucket.Name, Prefix = $"{prefix}/" };
        for (var more = true; more;)
        {
            var page = await Bucket.Client.ListObjectsV2Async(request, Token);
            keys.AddRange((page.S3Objects ?? []).Select(o => o.Key));
            request.ContinuationToken = page.NextContinuationToken;
            more = page.IsTruncated == true;
        }

        var found = new ConcurrentDictionary<string, byte[]>();
        await Parallel.ForEachAsync(
            keys,
            new ParallelOptions { MaxDegreeOfParallelism = 16, CancellationToken = Token },
            async (key, token) =>
            {
                using var answer = await Bucket.Client.GetObjectAsync(Bucket.Name, key, token);
                using var content = new MemoryStream();
                await answer.ResponseStream.CopyToAsync(content, token);
                found[key[(prefix.Length + 1)..]] = content.ToArray();
            });
        return new SortedDictionary<string, byte[]>(found, StringComparer.Ordinal);
    }

    /// <summary>Every object's bytes are those of the source.</summary>
    public async Task AssertEqualAsync(string prefix)
    {
        var expected = await ContentAsync();
        var actual = await ContentAsync(prefix);
        Assert.Equal(expected.Keys, actual.Keys);
        Assert.All(expected, pair => Assert.True(pair.Value.AsSpan().SequenceEqual(actual[pair.Key]), pair.Key));
    }

    public async Task AssertFolderEqualAsync()
    {
        var expected = await ContentAsync();
        var actual = Directory.EnumerateFiles(Folder, "*", SearchOption.AllDirectories)
            .Select(f => Path.GetRelativePath(Folder, f)).Order(StringComparer.Ordinal);
        Assert.Equal(expected.Keys, actual);
        foreach (var (path, content) in expected)
        {
            var restored = await File.ReadAllBytesAsync(Path.Combine(Folder, path), Token);
            Assert.True(content.AsSpan().SequenceEqual(restored), path);
        }
    }

    public async ValueTask DisposeAsync()
    {
        Repository.Dispose();
        Directory.Delete(folder, recursive: true);
        await Bucket.DisposeAsync();
    }
}
