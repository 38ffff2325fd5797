using Amazon.S3;
using Amazon.S3.Model;
using KubectlMlopsBackup.Configuration;

namespace KubectlMlopsBackup.S3Admin.Settings;

/// <summary>A default retention: each version of an object is locked for some days from its writing on. Never made weaker.</summary>
internal sealed class ObjectLockSetting(BucketClient client) : IBucketSetting
{
    public const string S3Permission = "BucketObjectLockConfiguration";

    private const int DaysInAYear = 365;

    private S3ObjectLockSpec? Lock => client.Wish.Setup.ObjectLock;

    private bool IsCompliance => Lock?.Mode == S3ObjectLockSpec.Compliance;

    public string Name => "object lock";

    public string Wanted => Lock is { } wanted ? $"{wanted.Mode}, {wanted.Days} d" : "not asked for";

    public bool IsAskedFor => Lock is not null;

    public string Permission => S3Permission;

    public async Task<SettingFinding> ExamineAsync(CancellationToken cancellationToken)
    {
        var request = new GetObjectLockConfigurationRequest { BucketName = client.Bucket };
        GetObjectLockConfigurationResponse? answer;
        try
        {
            answer = await client.FindAsync((s3, token) => s3.GetObjectLockConfigurationAsync(request, token), cancellationToken);
        }
        catch (Exception e) when (Lock is null && BucketClient.IsUnsupported(e))
        {
            return new SettingFinding(SettingState.Ok, "the store has none");
        }

        var configuration = answer?.ObjectLockConfiguration;
        var retention = configuration?.Rule?.DefaultRetention;
        var days = retention is null ? 0 : (retention.Days ?? 0) + ((retention.Years ?? 0) * DaysInAYear);
        var mode = retention?.Mode?.Value.ToLowerInvariant();
        var current = configuration?.ObjectLockEnabled is null ? "off" : days == 0 ? "on, no default retention" : $"{mode}, {days} d";
        if (Lock is not { } wanted)
        {
            return SettingFinding.Of(true, current);
        }

        if (mode == S3ObjectLockSpec.Compliance && !IsCompliance)
        {
            return new SettingFinding(
                SettingState.Left, current, "the bucket has compliance, which is stronger than the plan's governance, and is not made weaker", "write compliance into the plan");
        }

        return mode == wanted.Mode && days > wanted.Days
            ? new SettingFinding(SettingState.Left, current, "the bucket locks for longer than the plan asks for, and is not made weaker", $"write {days} into the plan")
            : SettingFinding.Of(mode == wanted.Mode && days == wanted.Days, current);
    }

    public Task ApplyAsync(CancellationToken cancellationToken)
    {
        var request = new PutObjectLockConfigurationRequest
        {
            BucketName = client.Bucket,
            ObjectLockConfiguration = new ObjectLockConfiguration
            {
                ObjectLockEnabled = ObjectLockEnabled.Enabled,
                Rule = new ObjectLockRule
                {
                    DefaultRetention = new DefaultRetention
                    {
                        Mode = IsCompliance ? ObjectLockRetentionMode.Compliance : ObjectLockRetentionMode.Governance,
                        Days = Lock!.Days,
                    },
                },
            },
        };
        return client.SendAsync((s3, token) => s3.PutObjectLockConfigurationAsync(request, token), cancellationToken);
    }
}
