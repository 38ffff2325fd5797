using Amazon.S3;
using Amazon.S3.Model;

namespace KubectlMlopsBackup.S3Admin.Settings;

/// <summary>
/// Rules that remove what was deleted long ago and uploads that nobody finished. None expires live objects: packs are shared
/// between nights, so the oldest pack may be part of tonight's backup. Old backups go by the plan's retention, by prune.
/// </summary>
internal sealed class LifecycleSetting(BucketClient client) : IBucketSetting
{
    public const string S3Permission = "LifecycleConfiguration";

    private List<LifecycleRule> rules = [];

    private BucketWish Wish => client.Wish;

    public string Name => "lifecycle";

    public string Wanted =>
        $"versions that were replaced or deleted go after {Wish.Setup.NoncurrentDays} d, unfinished uploads after {Wish.Setup.AbortMultipartDays} d, live objects never";

    public bool IsAskedFor => false;

    public string Permission => S3Permission;

    public async Task<SettingFinding> ExamineAsync(CancellationToken cancellationToken)
    {
        var request = new GetLifecycleConfigurationRequest { BucketName = client.Bucket };
        rules = (await client.FindAsync((s3, token) => s3.GetLifecycleConfigurationAsync(request, token), cancellationToken))
            ?.Configuration?.Rules ?? [];
        var foreign = rules.Where(r => !LifecycleRules.IsOurs(r, Wish)).ToList();
        var current = LifecycleRules.Describe(rules, Wish);
        var dangers = foreign.SelectMany(r => LifecycleRules.Dangers(r, Wish)).ToList();
        if (dangers.Count > 0)
        {
            return new SettingFinding(
                SettingState.Refused,
                current,
                string.Join("; ", dangers),
                "packs are shared between nights, so an old one may be part of tonight's backup: take these rules away, or limit them to another prefix, then run s3 setup again. Old backups go by the plan's retention");
        }

        var weak = foreign.SelectMany(r => LifecycleRules.Weaknesses(r, Wish)).ToList();
        return new SettingFinding(
            LifecycleRules.Fit(rules, Wish) ? SettingState.Ok : SettingState.Differs, current, weak.Count == 0 ? null : string.Join("; ", weak));
    }

    public Task ApplyAsync(CancellationToken cancellationToken)
    {
        var request = new PutLifecycleConfigurationRequest
        {
            BucketName = client.Bucket,
            Configuration = new LifecycleConfiguration
            {
                Rules = [.. rules.Where(r => !LifecycleRules.IsOurs(r, Wish)), .. LifecycleRules.Wanted(Wish)],
            },
        };
        return client.SendAsync((s3, token) => s3.PutLifecycleConfigurationAsync(request, token), cancellationToken);
    }
}
