using Amazon.S3.Model;
using KubectlMlopsBackup.EndToEndTests.Fixtures;
using KubectlMlopsBackup.Sources.Artifacts.S3;

namespace KubectlMlopsBackup.EndToEndTests.Artifacts;

/// <summary>What a drill has put into a bucket goes, and nothing that lies beside it.</summary>
public sealed class ScratchPrefixTests
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Only_the_folders_of_the_drills_are_deleted()
    {
        await using var bucket = await TestBucket.CreateAsync(Token);
        string[] mine = ["drills/abcd2345/1/MLmodel", "drills/abcd2345/\u0001odd", "drills/left2345/1/MLmodel"];
        string[] others = ["drills/zzzz2345/MLmodel", "drills/readme", "drills/abcd23456/x", "drills2/abcd2345/x", "mlflow/abcd2345/x"];
        foreach (var key in mine.Concat(others))
        {
            await bucket.Client.PutObjectAsync(new PutObjectRequest { BucketName = bucket.Name, Key = key, ContentBody = "x" }, Token);
        }

        var deleted = await new ScratchPrefix(bucket.Settings with { Prefix = "drills" }, TimeProvider.System).ClearAsync(["abcd2345", "left2345"], Token);

        Assert.Equal(mine.Length, deleted);
        var left = await bucket.Client.ListObjectsV2Async(new ListObjectsV2Request { BucketName = bucket.Name }, Token);
        Assert.Equal(others.Order(StringComparer.Ordinal), left.S3Objects.Select(o => o.Key).Order(StringComparer.Ordinal));
    }

    [Theory]
    [InlineData("", "abcd2345")]
    [InlineData("drills", "")]
    [InlineData("drills", "../prod/")]
    public async Task Neither_a_whole_bucket_nor_another_folder_can_be_meant(string prefix, string drill) => await Assert.ThrowsAsync<ArgumentException>(
        () => new ScratchPrefix(new() { Bucket = "none", Prefix = prefix }, TimeProvider.System).ClearAsync([drill], Token));
}
