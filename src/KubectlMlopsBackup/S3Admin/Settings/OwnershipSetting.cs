using Amazon.S3;
using Amazon.S3.Model;

namespace KubectlMlopsBackup.S3Admin.Settings;

/// <summary>Every object belongs to the bucket's owner, whoever wrote it, and access lists count for nothing.</summary>
internal sealed class OwnershipSetting(BucketClient client) : IBucketSetting
{
    public const string S3Permission = "BucketOwnershipControls";

    public string Name => "ownership";

    public string Wanted => "BucketOwnerEnforced";

    public bool IsAskedFor => false;

    public string Permission => S3Permission;

    public async Task<SettingFinding> ExamineAsync(CancellationToken cancellationToken)
    {
        var request = new GetBucketOwnershipControlsRequest { BucketName = client.Bucket };
        var rules = (await client.FindAsync((s3, token) => s3.GetBucketOwnershipControlsAsync(request, token), cancellationToken))
            ?.OwnershipControls?.Rules ?? [];
        var ownership = rules.Select(r => r.ObjectOwnership).FirstOrDefault(o => o is not null);
        if (ownership is null && !client.Wish.IsAws)
        {
            // Stores that lack it answer all sorts of things, down to taking the request for one that makes a bucket.
            return new SettingFinding(SettingState.Left, "not set", "whose an object is that another account wrote, is a notion of AWS");
        }

        return SettingFinding.Of(ownership == ObjectOwnership.BucketOwnerEnforced, ownership?.Value ?? "not set");
    }

    public Task ApplyAsync(CancellationToken cancellationToken)
    {
        var request = new PutBucketOwnershipControlsRequest
        {
            BucketName = client.Bucket,
            OwnershipControls = new OwnershipControls
            {
                Rules = [new OwnershipControlsRule { ObjectOwnership = ObjectOwnership.BucketOwnerEnforced }],
            },
        };
        return client.SendAsync((s3, token) => s3.PutBucketOwnershipControlsAsync(request, token), cancellationToken);
    }
}
