using System.Security.Cryptography;
using Amazon.S3;
using Amazon.S3.Model;
using KubectlMlopsBackup.EndToEndTests.Fixtures;
using KubectlMlopsBackup.Repository.Storage;
using KubectlMlopsBackup.Testing;

namespace KubectlMlopsBackup.EndToEndTests.Repository.Storage;

public sealed class S3StoreTests : ObjectStoreConformance, IAsyncLifetime
{
    private TestBucket _bucket = null!;
    private S3Store _store = null!;

    private protected override IObjectStore Store => _store;

    public async ValueTask InitializeAsync()
    {
        _bucket = await TestBucket.CreateAsync(Token);
        _store = new S3Store(_bucket.Settings, TimeProvider.System);
    }

    public async ValueTask DisposeAsync()
    {
        // Both are missing where the test was skipped.
        _store?.Dispose();
        if (_bucket is not null)
        {
            await _bucket.DisposeAsync();
        }
    }

    [Fact]
    public async Task An_object_too_large_for_one_request_goes_in_parts()
    {
        var content = Bytes((int)S3Upload.MultipartAbove + 5_000_001);
        await _store.PutAsync("big", content, Token);
        await _store.PutAsync("big", content, Token);

        var back = await _store.GetAsync("big", int.MaxValue, Token);
        Assert.True(content.AsSpan().SequenceEqual(back));
        await Assert.ThrowsAsync<ObjectConflictException>(() => _store.PutAsync("big", Bytes(content.Length + 1), Token));
        var uploads = await _bucket.Client.ListMultipartUploadsAsync(_bucket.Name, Token);
        Assert.Empty(uploads.MultipartUploads ?? []);
    }

    [Fact]
    public async Task Parts_that_are_not_the_whole_are_refused()
    {
        await using var pending = _store.Create();
        pending.Append(Bytes((int)S3Upload.MultipartAbove + 1));

        await Assert.ThrowsAsync<IOException>(() => pending.CommitAsync("big", SHA256.HashData([]), Token));

        Assert.Null(await _store.SizeAsync("big", Token));
    }

    [Fact]
    public async Task Objects_lie_below_the_prefix_with_their_checksum()
    {
        var content = Bytes(1000);
        await _store.PutAsync("packs/a", content, Token);

        var head = await _bucket.Client.GetObjectMetadataAsync(
            new GetObjectMetadataRequest { BucketName = _bucket.Name, Key = "some/prefix/packs/a", ChecksumMode = ChecksumMode.ENABLED },
            Token);
        Assert.Equal(Convert.ToBase64String(SHA256.HashData(content)), head.ChecksumSHA256);
    }

    [Fact]
    public async Task Two_prefixes_of_a_bucket_do_not_see_each_other()
    {
        using var neighbour = new S3Store(_bucket.Settings with { Prefix = "some/prefix-2" }, TimeProvider.System);
        using var whole = new S3Store(_bucket.Settings with { Prefix = "" }, TimeProvider.System);
        await _store.PutAsync("a", Bytes(1), Token);
        await neighbour.PutAsync("b", Bytes(2), Token);

        Assert.Equal([new StoredObject("a", 1)], await ListAsync(""));
        Assert.Equal([new StoredObject("b", 2)], await neighbour.ListAsync("", Token).ToListAsync(Token));
        Assert.Equal(2, await whole.ListAsync("some/", Token).CountAsync(Token));
    }

    [Fact]
    public async Task A_deleted_object_of_a_locked_versioned_bucket_stays_recoverable()
    {
        var name = $"test-{Guid.NewGuid():n}";
        await _bucket.Client.PutBucketAsync(new PutBucketRequest { BucketName = name, ObjectLockEnabledForBucket = true }, Token);
        try
        {
            using var store = new S3Store(_bucket.Settings with { Bucket = name }, TimeProvider.System);
            await store.PutAsync("a", Bytes(1), Token);
            await store.PutAsync("a", Bytes(1), Token);
            Assert.Equal(DeleteOutcome.Deleted, await store.DeleteAsync("a", Token));

            var versions = await _bucket.Client.ListVersionsAsync(name, Token);
            Assert.Equal(2, versions.Versions.Count);
            Assert.Equal(DeleteOutcome.NotFound, await store.DeleteAsync("a", Token));
            foreach (var version in versions.Versions)
            {
                await _bucket.Client.DeleteObjectAsync(name, version.Key, version.VersionId, Token);
            }
        }
        finally
        {
            await _bucket.Client.DeleteBucketAsync(name, Token);
        }
    }

    [Fact]
    public async Task The_key_of_kms_is_asked_for()
    {
        using var store = new S3Store(
            _bucket.Settings with { Encryption = S3ServerSideEncryption.Kms, KmsKeyId = "testkey-1" }, TimeProvider.System);
        await store.PutAsync("a", Bytes(1000), Token);

        Assert.Equal(Bytes(1000), await store.GetAsync("a", 1000, Token));
        var head = await _bucket.Client.GetObjectMetadataAsync(_bucket.Name, "some/prefix/a", Token);
        Assert.Equal(ServerSideEncryptionMethod.AWSKMS, head.ServerSideEncryptionMethod);
        Assert.Equal("testkey-1", head.ServerSideEncryptionKeyManagementServiceKeyId);
    }

    [Fact]
    public async Task The_checksums_of_the_sdk_may_be_on()
    {
        using var store = new S3Store(_bucket.Settings with { Checksums = S3ChecksumMode.WhenSupported }, TimeProvider.System);
        await store.PutAsync("a", Bytes(100_000), Token);

        Assert.Equal(Bytes(100_000), await store.GetAsync("a", 100_000, Token));
    }
}
