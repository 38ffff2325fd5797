using Amazon.S3.Model;

namespace KubectlMlopsBackup.S3Admin.Settings;

internal sealed class PublicAccessSetting(BucketClient client) : IBucketSetting
{
    public const string S3Permission = "BucketPublicAccessBlock";

    public string Name => "public access";

    public string Wanted => "blocked";

    public bool IsAskedFor => false;

    public string Permission => S3Permission;

    public async Task<SettingFinding> ExamineAsync(CancellationToken cancellationToken)
    {
        var request = new GetPublicAccessBlockRequest { BucketName = client.Bucket };
        var block = (await client.FindAsync((s3, token) => s3.GetPublicAccessBlockAsync(request, token), cancellationToken))
            ?.PublicAccessBlockConfiguration;
        (string Name, bool? Set)[] all =
        [
            ("BlockPublicAcls", block?.BlockPublicAcls),
            ("IgnorePublicAcls", block?.IgnorePublicAcls),
            ("BlockPublicPolicy", block?.BlockPublicPolicy),
            ("RestrictPublicBuckets", block?.RestrictPublicBuckets),
        ];
        var missing = all.Where(a => a.Set != true).Select(a => a.Name).ToList();
        return missing.Count == 0 ? SettingFinding.Of(true, "blocked")
            : missing.Count == all.Length ? SettingFinding.Of(false, "not blocked")
            : SettingFinding.Of(false, $"blocked but for {string.Join(", ", missing)}");
    }

    public Task ApplyAsync(CancellationToken cancellationToken)
    {
        var request = new PutPublicAccessBlockRequest
        {
            BucketName = client.Bucket,
            PublicAccessBlockConfiguration = new PublicAccessBlockConfiguration
            {
                BlockPublicAcls = true,
                IgnorePublicAcls = true,
                BlockPublicPolicy = true,
                RestrictPublicBuckets = true,
            },
        };
        return client.SendAsync((s3, token) => s3.PutPublicAccessBlockAsync(request, token), cancellationToken);
    }
}
