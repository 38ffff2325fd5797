using Amazon.S3;
using Amazon.S3.Model;

namespace KubectlMlopsBackup.S3Admin.Settings;

internal sealed class VersioningSetting(BucketClient client) : IBucketSetting
{
    public const string S3Permission = "BucketVersioning";

    public string Name => "versioning";

    public string Wanted => "Enabled";

    public bool IsAskedFor => false;

    public string Permission => S3Permission;

    public async Task<SettingFinding> ExamineAsync(CancellationToken cancellationToken)
    {
        var request = new GetBucketVersioningRequest { BucketName = client.Bucket };
        var status = (await client.SendAsync((s3, token) => s3.GetBucketVersioningAsync(request, token), cancellationToken))
            .VersioningConfig?.Status;
        return SettingFinding.Of(status == VersionStatus.Enabled, status is null || status == VersionStatus.Off ? "off" : status.Value);
    }

    public Task ApplyAsync(CancellationToken cancellationToken)
    {
        var request = new PutBucketVersioningRequest
        {
            BucketName = client.Bucket,
            VersioningConfig = new S3BucketVersioningConfig { Status = VersionStatus.Enabled },
        };
        return client.SendAsync((s3, token) => s3.PutBucketVersioningAsync(request, token), cancellationToken);
    }
}
